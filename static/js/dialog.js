/** A question that stands open in the page without JavaScript becomes a dialog with it; only admins are asked. */
export function liftQuestion(root) {
  const ask = root.querySelector("[data-ask]");
  if (!ask) return;
  const dialog = root.querySelector("[data-dialog]");
  dialog.append(ask.querySelector("[data-question]"));
  if (ask.open) dialog.showModal(); // somebody was faster than this script
  ask.open = false;
  ask.querySelector("summary").addEventListener("click", (click) => {
    click.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  });
}

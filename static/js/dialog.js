/** A question that stands open in the page without JavaScript becomes a dialog with it. */
export function liftQuestion(root) {
  const ask = root.querySelector("[data-ask]");
  const dialog = root.querySelector("[data-dialog]");
  dialog.append(ask.querySelector("[data-question]"));
  ask.querySelector("summary").addEventListener("click", (click) => {
    click.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  });
}

/** The board by keyboard: a few keys that move ordinary focus, and never one that somebody is typing. */

const TYPING = "input, select, textarea, [contenteditable]";

/** Listen on a board: `/` searches and Enter goes to what was found, `j` and `k` from card to card, `?` tells. */
export function listenToKeys(board) {
  const search = board.querySelector("[data-find] [type=search]");
  const help = board.querySelector("[data-keyboard]");
  const keys = {
    "/": () => search.focus(),
    "?": () => help.showModal(),
    j: () => step(board, 1),
    k: () => step(board, -1),
  };

  board.querySelector("[data-keyboard-open]").addEventListener("click", () => help.showModal());
  help.addEventListener("click", ({ target }) => (target === help || target.closest("[data-close]")) && help.close());
  search.form.addEventListener("submit", () => (search.blur(), step(board, 1)));
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const act = Object.hasOwn(keys, key) && keys[key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || help.open || target.closest(TYPING)) return;
    event.preventDefault();
    act();
  });
}

function step(board, by) {
  const links = [...board.querySelectorAll(".card__link")];
  const at = links.findIndex((link) => link.closest(".card").contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next]?.focus();
}

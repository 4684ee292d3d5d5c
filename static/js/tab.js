/** What a tab says of the board while another one is looked at: its title and its icon, in the server's words. */

const html = document.documentElement;

/** Keep title and icon true: by the counts of the board, and by its connection. */
export function keepTab(board) {
  const icon = document.querySelector("link[rel=icon]");
  const { dataset: words } = board.querySelector("[data-tab]");
  const show = () => {
    const [sign, title] = pick(board, words);
    if (document.title !== title) document.title = title;
    if (icon.getAttribute("href") !== words[`${sign}Icon`]) icon.setAttribute("href", words[`${sign}Icon`]);
  };

  board.addEventListener("counted", show);
  new MutationObserver(show).observe(html, { attributeFilter: ["data-connection"] });
  show();
}

function pick(board, words) {
  if (html.dataset.connection === "offline") return ["calm", words.offline];
  const count = (stage) => Number(board.querySelector(`[data-count-of="${stage}"]`).dataset.count);
  const [look, moving] = [count("needs_a_look"), count("on_the_way") + count("almost_there")];
  if (look) return ["look", words.look.replace("{}", look)];
  return moving ? ["moving", words.moving.replace("{}", moving)] : ["calm", words.calm];
}

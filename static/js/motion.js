/** Cards that change place glide there, once; nothing moves for those who asked for less motion. */

const still = matchMedia("(prefers-reduced-motion: reduce)");
const MOST = 120; // beyond, measuring costs more than the motion is worth

/** Make a change and give its result; `cards()` are the elements that may move by it. */
export function glide(cards, change) {
  if (still.matches || document.hidden || cards().length > MOST) return change();
  const before = new Map([...cards()].map((card) => [card, card.getBoundingClientRect()]));
  const result = change();
  for (const card of cards()) {
    const was = before.get(card);
    if (was) animate(card, was, card.getBoundingClientRect());
  }
  return result;
}

function animate(card, was, is) {
  const [x, y] = [was.left - is.left, was.top - is.top];
  if ((x === 0 && y === 0) || !(isSeen(was) || isSeen(is))) return;
  const { offsetWidth: width } = card;
  card.animate(
    [{ transform: `translate(${x}px, ${y}px) scale(${width ? was.width / width : 1})`, transformOrigin: "0 0" },
      { transform: "none", transformOrigin: "0 0" }],
    { duration: 500, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" },
  );
}

function isSeen({ top, bottom }) {
  return bottom > 0 && top < innerHeight;
}

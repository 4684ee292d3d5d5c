/**
 * A split-flap change: the letters that differ turn over, one after the other. Only while they do are they apart; a
 * screen reader is given the whole word, and who asked for less motion sees it change at once.
 */

const still = matchMedia("(prefers-reduced-motion: reduce)");
const TURN = 140;
const NEXT = 35;
const running = new Map();

/** Make a change below an element; what is marked `data-flip` and reads otherwise afterwards turns over. */
export function flipping(root, change) {
  settle(root);
  const marked = () => [...root.querySelectorAll("[data-flip]")];
  const before = new Map(marked().map((element) => [element, element.textContent]));
  change();
  for (const element of marked()) {
    const was = before.get(element);
    if (was !== undefined && was !== element.textContent) turn(element, was, element.textContent);
  }
}

/** Turn these over as a whole, from the first to the last: another page of the board. */
export function turnOver(elements) {
  if (still.matches || document.hidden) return;
  elements.forEach((element, place) => {
    const options = { duration: 3 * TURN, delay: place * 2 * NEXT, easing: "ease-out", fill: "backwards" };
    element.animate([{ transform: "perspective(60em) rotateX(80deg)", opacity: 0 }, { transform: "none", opacity: 1 }], options);
  });
}

/** Let all letters below an element lie: from here on it is as plain as the server drew it. */
function settle(root) {
  for (const [element, lie] of running) if (root.contains(element)) lie();
}

function turn(element, was, is) {
  if (still.matches || document.hidden || !element.checkVisibility()) return;
  const [from, to] = [[...was], [...is]];
  const letters = Object.assign(document.createElement("span"), { className: "flap__letters", ariaHidden: "true" });
  const whole = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: is });
  const turns = to.map((letter, place) => {
    const shown = Object.assign(document.createElement("span"), { textContent: from[place] ?? " " });
    letters.append(shown);
    return letter === from[place] ? null : over(shown, letter, place * NEXT);
  });
  element.replaceChildren(whole, letters);
  const lie = () => {
    if (letters.isConnected) element.textContent = is;
    if (running.get(element) === lie) running.delete(element);
  };
  running.set(element, lie);
  Promise.allSettled(turns).then(lie);
}

async function over(shown, letter, delay) {
  const options = { duration: TURN, delay, easing: "ease-in", fill: "forwards" };
  await shown.animate([{ transform: "none" }, { transform: "rotateX(-90deg)" }], options).finished;
  shown.textContent = letter;
  await shown.animate([{ transform: "rotateX(90deg)" }, { transform: "none" }], { duration: TURN, easing: "ease-out", fill: "forwards" }).finished;
}

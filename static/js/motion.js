/**
 * What changes place glides there, once; nothing moves for those who asked for less motion. At first each element is
 * put back where it was, in the very frame in which its place changes, so that nothing jumps, and then let go.
 */

const less = matchMedia("(prefers-reduced-motion: reduce)");
const MOST = 200; // beyond, measuring costs more than the motion is worth
const TIME = { duration: 500, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" };

let gliding = [];

/** Act when nothing glides: an element that is stopped on its way and sent elsewhere jumps. */
export function whenStill(act) {
  if (gliding.length === 0 || document.hidden) act();
  else Promise.allSettled(gliding).then(act);
}

/** Make a change and give its result; `parts()` are the elements that may move by it, none inside another. */
export function glide(parts, change) {
  if (less.matches || document.hidden || parts().length > MOST) return change();
  const before = new Map([...parts()].map((part) => [part, part.getBoundingClientRect()]));
  const result = change();
  const own = [];
  for (const [part, is] of [...parts()].map((each) => [each, each.getBoundingClientRect()])) {
    const was = before.get(part);
    if (!was?.width || !is.width) continue; // it has just come, or its section has
    const [x, y] = [was.left - is.left, was.top - is.top];
    if ((x || y) && (isSeen(was) || isSeen(is))) own.push(glideFrom(part, `translate(${x}px, ${y}px)`));
  }
  gliding = own;
  Promise.allSettled(own).then(() => own === gliding && (gliding = []));
  return result;
}

async function glideFrom(part, transform) {
  part.style.transform = transform;
  await painted();
  const animation = part.animate([{ transform }, { transform: "none" }], TIME);
  await painted();
  part.style.transform = "";
  await animation.finished;
  await painted();
}

/** Wait until the screen shows what is there now: the next frame may be drawn already. */
function painted() {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

function isSeen({ top, bottom }) {
  return bottom > 0 && top < innerHeight;
}

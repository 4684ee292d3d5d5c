/** Nothing moves under a finger: while one lies on the page, what has to move waits. */

const down = new Set();
const waiting = [];

const lift = ({ pointerId }) => (down.delete(pointerId), release());
const release = () => down.size === 0 && setTimeout(() => waiting.splice(0).forEach((act) => act()));

addEventListener("pointerdown", ({ pointerId }) => down.add(pointerId), { capture: true, passive: true });
addEventListener("pointerup", lift, { capture: true, passive: true });
addEventListener("pointercancel", lift, { capture: true, passive: true });
addEventListener("blur", () => (down.clear(), release())); // who leaves lifts it elsewhere

/** Act now, or when the last finger is lifted. */
export function untouched(act) {
  if (down.size === 0) act();
  else waiting.push(act);
}

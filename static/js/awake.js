/** Keep the screen on where the browser lets a page do that: over https, and on this machine itself. */

/** Ask for it now and whenever the page comes back to the front; `says(isAwake)` hears how that went. */
export function keepAwake(says) {
  const ask = async () => {
    if (document.hidden) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", ask, { once: true });
      says(true);
    } catch {
      says(false);
    }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

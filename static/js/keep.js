/** What a page tells the worker that shows the last board without a network, where the browser has such a worker. */

const AGAIN = 60_000;
const workers = navigator.serviceWorker; // over plain http there are none
const { keptAt } = document.documentElement.dataset;

/** When this page was true, if the browser kept it and no server has been reached since; else null. */
export const truth = keptAt ? new Date(keptAt) : null;

/** Let this page be kept as it is now, and as it is when somebody turns away from it. */
export async function keepPage({ offlineUrl, whose }) {
  if (!workers || truth) return;
  let toldAt = -Infinity;
  const tell = async () => {
    if (performance.now() - toldAt < AGAIN) return;
    toldAt = performance.now();
    const { installing, waiting, active } = await workers.register(offlineUrl, { updateViaCache: "none" });
    (installing ?? waiting ?? active).postMessage({ whose, page: location.href, files: files() });
  };
  document.addEventListener("visibilitychange", () => document.hidden && tell().catch(() => {}));
  await tell().catch(() => {}); // somebody may have forbidden it; nothing else depends on it
}

/** Nobody is signed in any more: what was kept of them goes. */
export function forgetPages() {
  workers?.controller?.postMessage({ isOver: true });
}

function files() {
  const own = new URL("static/", new URL(document.querySelector('link[rel="manifest"]').href)).href;
  const found = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0]);
  return [...new Set(found)].filter((name) => name.startsWith(own));
}

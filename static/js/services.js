/** The page of the services: fetched again while somebody looks at it, since nothing tells of a service that is silent. */

import { fetchDocument } from "./document.js";
import { takeParts } from "./parts.js";
import { asOfNow, keepTimes } from "./times.js";

const EVERY = 15_000;

async function refresh() {
  if (document.hidden) return;
  try {
    takeParts(await fetchDocument(location.href));
    beLive();
  } catch ({ isSignedOut }) {
    document.documentElement.dataset.connection = isSignedOut ? "signed-out" : "offline";
    if (isSignedOut) end();
  }
}

/** Who signs in again loads the page anew. */
function end() {
  clearInterval(timer);
  document.removeEventListener("visibilitychange", refresh);
}

function beLive() {
  document.documentElement.dataset.connection = "live";
  asOfNow();
}

beLive();
keepTimes();
const timer = setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);

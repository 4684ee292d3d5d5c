/** The page of the services: fetched again while somebody looks at it, since nothing tells of a service that is silent. */

import { morph } from "./morph.js";
import { fetchDocument } from "./document.js";
import { asOfNow, keepTimes, localise } from "./times.js";

const EVERY = 15_000;
const SIGNED_OUT = 401;

const page = document.querySelector("[data-services-page]");

async function refresh() {
  if (document.hidden) return;
  try {
    show(await fetchDocument(location.href));
  } catch ({ status }) {
    document.documentElement.dataset.connection = status === SIGNED_OUT ? "signed-out" : "offline";
    if (status === SIGNED_OUT) end();
  }
}

function show(fresh) {
  for (const part of page.querySelectorAll("[data-part]")) {
    morph(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`));
    localise(part);
  }
  beLive();
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

/** The page of the services: fetched again while somebody looks at it, since nothing tells of a service that is silent. */

import { morph } from "./morph.js";
import { fetchDocument } from "./document.js";
import { asOfNow, keepTimes, localise } from "./times.js";

const EVERY = 15_000;

const page = document.querySelector("[data-services-page]");

async function refresh() {
  if (document.hidden) return;
  try {
    show(await fetchDocument(location.href));
  } catch {
    document.documentElement.dataset.connection = "offline";
  }
}

function show(fresh) {
  for (const part of page.querySelectorAll("[data-part]")) {
    morph(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`));
    localise(part);
  }
  beLive();
}

function beLive() {
  document.documentElement.dataset.connection = "live";
  asOfNow();
}

beLive();
keepTimes();
setInterval(refresh, EVERY);
document.addEventListener("visibilitychange", refresh);

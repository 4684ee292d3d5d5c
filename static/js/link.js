/**
 * What a private link shows: the numbers of its card move, and the page is fetched again when anything else happened.
 * It has a stream of its own: the one that the tabs of the board share may see more.
 */

import { alarm } from "./alarm.js";
import { Cards } from "./cards.js";
import { fetchDocument } from "./document.js";
import { keepFresh } from "./freshness.js";
import { takeParts } from "./parts.js";
import { Stream } from "./stream.js";
import { asOfNow, keepTimes } from "./times.js";

const SOON = 300;
const LATER = 15_000;
const OVER = [404, 410];

const page = document.querySelector("[data-link]");
const { pageUrl, eventsUrl, cursor } = page.dataset;
const cards = new Cards(page);
const stream = new Stream({ eventsUrl, apiUrl: pageUrl }, cursor, { told, changed });
const reloadIn = alarm(reload);
let isOver = false;

function told(event) {
  if (isOver) return;
  asOfNow();
  if (event?.type === "progress_update") cards.patch(event);
  else if (event) reloadIn(SOON);
}

/** Without the stream the page asks now and then; what it hears first may be that the link has ended. */
function changed(state) {
  if (isOver) return;
  show(state);
  if (state !== "live") reloadIn(SOON);
}

function show(state) {
  document.documentElement.dataset.connection = state;
}

async function reload() {
  try {
    take(await fetchDocument(pageUrl));
    asOfNow();
    if (stream.state !== "live") show("polling");
  } catch (error) {
    if (OVER.includes(error.status)) return end();
    show(stream.state);
    return reloadIn(LATER);
  }
  if (stream.state !== "live") reloadIn(LATER);
}

function take(fresh) {
  cards.replaceAll([...fresh.querySelectorAll(".card")], { isNewEpoch: false });
  takeParts(fresh);
}

function end() {
  isOver = true;
  stream.stop();
  document.querySelector(".connection").remove();
  page.querySelector("[data-shown]").remove();
  page.querySelector("[data-ended]").hidden = false;
}

document.addEventListener("visibilitychange", () => isOver || stream.attend(!document.hidden));
addEventListener("online", () => isOver || stream.wake({ isForeign: true }));
addEventListener("pagehide", () => stream.stop());
addEventListener("pageshow", ({ persisted }) => persisted && !isOver && (stream.start(!document.hidden), reloadIn(SOON)));

asOfNow();
keepTimes();
keepFresh();
stream.start(!document.hidden);

/** The page of one request: its card is live like on the board; the rest is fetched again when something happened. */

import { Cards } from "./cards.js";
import { offerCopies } from "./copy.js";
import { place } from "./cursor.js";
import { liftQuestion } from "./dialog.js";
import { fetchDocument } from "./document.js";
import { morph } from "./morph.js";
import { start } from "./page.js";
import { localise } from "./times.js";

const SOON = 300;
const LATER = 5_000; // numbers of downloads need not be as fresh as what happened
const GONE = [404, 410]; // somebody else's by now, or taken off
const SIGNED_OUT = 401;

const page = document.querySelector("[data-request]");
const cards = new Cards(page);
let timer = 0;
let dueAt = Infinity;

function apply(event, n) {
  if (String(event.request_id) !== page.dataset.request) return null;
  if (event.type === "request_deleted") return leave(n);
  if (event.type === "progress_update") {
    cards.patch(event);
    refreshIn(LATER);
    return null;
  }
  refreshIn(SOON);
  return event.card ? cards.put(event.card) : null;
}

function refreshIn(delay) {
  if (Date.now() + delay >= dueAt) return;
  clearTimeout(timer);
  dueAt = Date.now() + delay;
  timer = setTimeout(() => reload().catch(({ status }) => status !== SIGNED_OUT && refreshIn(LATER)), delay);
}

async function reload() {
  dueAt = Infinity;
  let fresh;
  try {
    fresh = await fetchDocument(location.href);
  } catch (error) {
    if (!GONE.includes(error.status)) throw error;
    leave();
    return page.dataset.cursor;
  }
  const { cursor, down } = fresh.querySelector("[data-request]").dataset;
  const isNewEpoch = place(cursor).epoch !== place(page.dataset.cursor).epoch;
  page.dataset.cursor = cursor;
  page.dataset.down = down;
  cards.replaceAll([...fresh.querySelectorAll(".card")], { isNewEpoch });
  for (const part of page.querySelectorAll("[data-part]")) {
    morph(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`));
    localise(part);
  }
  return cursor;
}

function leave(n) {
  cards.remove(page.dataset.request, n);
  page.querySelector("[data-gone]").hidden = false;
  page.querySelector("[data-ask]")?.setAttribute("hidden", "");
  document.querySelector("[data-dialog]")?.close();
  return null;
}

liftQuestion(page);
offerCopies(page);
start(page.dataset.cursor, cards, { apply, reload });

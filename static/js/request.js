/** The page of one request: its card is live like on the board; the rest is fetched again when something happened. */

import { alarm } from "./alarm.js";
import { Cards } from "./cards.js";
import { offerCopies } from "./copy.js";
import { place } from "./cursor.js";
import { liftQuestion } from "./dialog.js";
import { fetchDocument } from "./document.js";
import { start } from "./page.js";
import { takeParts } from "./parts.js";

const SOON = 300;
const LATER = 5_000; // numbers of downloads need not be as fresh as what happened
const GONE = [404, 410]; // somebody else's by now, or taken off

const page = document.querySelector("[data-request]");
const cards = new Cards(page);
const refreshIn = alarm(() => reload().catch(({ isSignedOut }) => isSignedOut || refreshIn(LATER)));

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

async function reload() {
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
  takeParts(fresh);
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

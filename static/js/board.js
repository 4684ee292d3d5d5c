/** The board: cards come, change and go. */

import { Cards } from "./cards.js";
import { place } from "./cursor.js";
import { fetchDocument } from "./document.js";
import { start } from "./page.js";
import { localise } from "./times.js";

const board = document.querySelector("[data-board]");
const inside = board.querySelector("[data-cursor]");
const cards = new Cards(board);

function apply(event, n) {
  switch (event.type) {
    case "request_created":
    case "state_change":
    case "request_updated":
      return event.card ? cards.put(event.card) : null;
    case "progress_update":
      cards.patch(event);
      return null;
    case "request_deleted":
      cards.remove(event.request_id, n);
      return null;
    default:
      return null;
  }
}

async function reload() {
  const fresh = await fetchDocument(board.dataset.partialUrl);
  const { cursor, down } = fresh.querySelector("[data-cursor]").dataset;
  const isNewEpoch = place(cursor).epoch !== place(inside.dataset.cursor).epoch;
  inside.dataset.cursor = cursor;
  inside.dataset.down = down;
  cards.replaceAll([...fresh.querySelectorAll(".card")], { isNewEpoch });
  const services = inside.querySelector("[data-services]");
  services.replaceChildren(...fresh.querySelector("[data-services]").childNodes);
  localise(services);
  return cursor;
}

start(inside.dataset.cursor, cards, { apply, reload });

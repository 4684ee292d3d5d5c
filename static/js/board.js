/** The board: cards come, change and go. */

import { Cards } from "./cards.js";
import { place } from "./cursor.js";
import { fetchDocument } from "./document.js";
import { listen } from "./find.js";
import { listenToKeys } from "./keyboard.js";
import { start } from "./page.js";
import { keepTab } from "./tab.js";
import { localise } from "./times.js";

const board = document.querySelector("[data-board]");
const inside = board.querySelector("[data-cursor]");
const cards = new Cards(board);
const partial = board.dataset.partialUrl;
let query = location.search.slice(1);

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
  const asked = query;
  const fresh = await fetchDocument(asked ? `${partial}?${asked}` : partial);
  if (asked !== query) return reload();
  const { cursor, down, rule } = fresh.querySelector("[data-cursor]").dataset;
  const isNewEpoch = place(cursor).epoch !== place(inside.dataset.cursor).epoch;
  inside.dataset.cursor = cursor;
  inside.dataset.down = down;
  inside.toggleAttribute("data-leaves-out", fresh.querySelector("[data-leaves-out]") !== null);
  cards.follow(JSON.parse(rule));
  fresh.querySelectorAll(".stage").forEach(takeRest);
  cards.replaceAll([...fresh.querySelectorAll(".card")], { isNewEpoch });
  const services = inside.querySelector("[data-services]");
  services.replaceChildren(...fresh.querySelector("[data-services]").childNodes);
  localise(services);
  return cursor;
}

/** Take what a section says of cards that it does not show. */
function takeRest({ id, dataset: { beyond }, lastElementChild: more }) {
  const section = document.getElementById(id);
  section.dataset.beyond = beyond;
  section.querySelector("[data-more]").replaceWith(more);
}

keepTab(board);
listenToKeys(board);
cards.follow(JSON.parse(inside.dataset.rule));
const { renew } = start(inside.dataset.cursor, cards, { apply, reload });
listen(document.querySelector("[data-find]"), (asked) => {
  query = asked;
  inside.querySelector("[data-to-history]").search = asked;
  renew();
});

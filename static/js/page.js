/**
 * What every live page does: be connected, hand its events on, and heal from a reloaded page when told to. Events that
 * arrive while the page is fetched wait and are applied after it; revisions keep the newest.
 */

import { Announcements } from "./announcements.js";
import { Away } from "./away.js";
import { Connection } from "./connection.js";
import { keepFresh } from "./freshness.js";
import { forgetPages, keepPage, truth } from "./keep.js";
import { whenStill } from "./motion.js";
import { asOf, asOfNow, keepTimes } from "./times.js";
import { untouched } from "./touch.js";

const JITTER = 500; // many browsers hear the same resync at once
const LONGEST_DELAY = 60_000;

/**
 * Start a page: `apply(event, n)` gives the card it touched, `reload()` resolves to the cursor of what it fetched. What
 * arrives within one frame of the screen is applied together. Gives `renew()`, by which the page asks to be fetched now.
 */
export function start(cursor, cards, { apply, reload }) {
  const addresses = document.querySelector("[data-events-url]").dataset;
  const announcements = new Announcements();
  const queue = [];
  let isHealing = false;
  let isOutdated = false;
  let isDue = false;
  let attempt = 0;

  const schedule = () => {
    if (isHealing || isDue) return;
    isDue = true;
    if (document.hidden) setTimeout(flush);
    else requestAnimationFrame(() => untouched(() => whenStill(flush)));
  };
  const flush = () => {
    isDue = false;
    if (isHealing) return;
    cards.together(() => queue.splice(0).forEach(([event, n]) => {
      const card = apply(event, n);
      if (card) announcements.card(event, card);
    }));
  };
  const heal = (delay = Math.random() * JITTER) => {
    isOutdated = true; // also what is being fetched right now
    if (isHealing) return;
    isHealing = true;
    setTimeout(fetchAgain, delay);
  };
  const fetchAgain = async () => {
    isOutdated = false;
    try {
      connection.advance(await reload());
    } catch ({ isSignedOut }) {
      if (isSignedOut) return connection.changed("signed-out");
      attempt += 1;
      setTimeout(fetchAgain, Math.random() * Math.min(LONGEST_DELAY, 1_000 * 2 ** attempt));
      return;
    }
    attempt = 0;
    isHealing = false;
    schedule();
    if (isOutdated) heal();
  };
  const connection = new Connection(addresses, cursor, {
    received: (event, n) => (queue.push([event, n]), schedule()),
    resync: () => heal(),
    heard: asOfNow,
    changed: (state) => {
      announcements.connection(state);
      if (state === "signed-out") forgetPages();
      if (state !== "live" && state !== "polling") return;
      if (truth) location.reload(); // the server itself has a newer one
      else away.ask();
    },
  });
  const away = new Away(addresses.awayUrl, connection);

  asOf(truth ?? new Date());
  keepTimes();
  keepFresh();
  keepPage(addresses);
  connection.start();
  return { renew: () => heal(0) };
}

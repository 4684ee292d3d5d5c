/** A number that should move and that nobody has confirmed for long is dimmed; the next one brings its light back. */

const OLD = 90_000;
const LOOK = 5_000;

/** Keep the light of all numbers honest while the page is open. */
export function keepFresh() {
  look();
  setInterval(look, LOOK);
}

/** Note that the numbers of a card are right as of now. */
export function confirm(card) {
  card.dataset.measuredAt = new Date().toISOString();
  card.removeAttribute("data-is-old");
}

function look() {
  for (const card of document.querySelectorAll("[data-measured-at]")) {
    card.toggleAttribute("data-is-old", shouldMove(card) && Date.now() - new Date(card.dataset.measuredAt) > OLD);
  }
}

/** What waits says so in words, and what is complete has nowhere to go. */
function shouldMove(card) {
  const bar = card.querySelector(".progress:not([hidden]) .progress-bar");
  return bar !== null && bar.value < bar.max && !card.querySelector("[data-trouble]");
}

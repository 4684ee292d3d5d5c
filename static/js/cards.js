/** Put, patch or remove cards by id, each in its place: in the order of the search within its `data-stage`. */

import { fits, isBefore } from "./find.js";
import { confirm } from "./freshness.js";
import { morph } from "./morph.js";
import { glide } from "./motion.js";
import { count, left, percent, speed } from "./numbers.js";
import { localise, setTime } from "./times.js";

const MOVING = ".card, .stage__name, .stage__more, .board__history, .board__keys";
const EVERYTHING = { words: [] };

export class Cards {
  #root;
  #rule = EVERYTHING;
  #gone = new Map();
  #isChanging = false;

  constructor(root) {
    this.#root = root;
  }

  find(id) {
    return this.#root.querySelector(`.card[data-request-id="${Number(id)}"]`);
  }

  /** Take a card as the server drew it; an older one never replaces a newer, an equal one is harmless. */
  put(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const drawn = template.content.querySelector(".card");
    if (!drawn) return null;
    const isTaken = this.together(() => this.#fit(drawn));
    return isTaken ? this.find(drawn.dataset.requestId) : null;
  }

  /** Show new numbers of a download; the next drawn card brings the same. */
  patch({ request_id: id, progress, eta, speed: rate }) {
    const card = this.find(id);
    const numbers = card?.querySelector(".progress");
    if (!numbers) return;
    confirm(card);
    numbers.hidden = false;
    numbers.querySelector(".progress-bar").value = progress;
    numbers.querySelector(".progress-text").textContent = percent(progress);
    write(numbers.querySelector(".progress-speed"), progress < 100 && rate !== undefined, () => speed(rate));
    write(numbers.querySelector(".progress-left"), eta > 0, () => left(eta));
    numbers.querySelectorAll(".progress__source time").forEach((time) => setTime(time, new Date()));
    const ready = numbers.querySelector(".progress__ready");
    ready.hidden = !(eta > 0);
    if (eta > 0) ready.querySelectorAll("time").forEach((time) => setTime(time, new Date(Date.now() + eta * 1_000)));
  }

  /** Take a card away; `n` is the place in the stream where that was said. */
  remove(id, n) {
    this.#gone.set(Number(id), n ?? Infinity);
    const card = this.find(id);
    if (card) this.together(() => this.#leave(card));
  }

  /** Show only what fits a rule from now on, in its order. */
  follow(rule) {
    this.#rule = rule;
  }

  /** Become what a reloaded page shows. With another epoch revisions say nothing about age. */
  replaceAll(drawn, { isNewEpoch }) {
    if (isNewEpoch) this.#gone.clear();
    const ids = new Set(drawn.map((card) => card.dataset.requestId));
    this.together(() => {
      for (const card of this.#root.querySelectorAll(".card")) {
        if (!ids.has(card.dataset.requestId)) this.#leave(card);
        else if (isNewEpoch) card.dataset.rev = -1;
      }
      drawn.forEach((card) => this.#fit(card));
    });
  }

  /** Make several changes as one: cards glide once, and sections are counted once. */
  together(change) {
    if (this.#isChanging) return change();
    this.#isChanging = true;
    try {
      return glide(() => this.#root.querySelectorAll(MOVING), change);
    } finally {
      this.#isChanging = false;
      this.#count();
    }
  }

  #fit(drawn) {
    const { requestId, rev } = drawn.dataset;
    const card = this.find(requestId);
    if (Number(rev) < (this.#gone.get(Number(requestId)) ?? -1)) return false;
    if (card && Number(rev) < Number(card.dataset.rev)) return false;
    if (!fits(drawn, this.#rule)) {
      if (card) this.#leave(card);
      return false;
    }
    localise(drawn);
    if (card) keepFocus(card, () => (morph(card, drawn), this.#place(card)));
    else this.#place(document.importNode(drawn, true));
    return true;
  }

  #place(card) {
    const { stage } = card.dataset;
    const own = this.#root.querySelector(`.stage[data-stage="${stage}"] [data-cards]`);
    const home = own ?? this.#root.querySelector("[data-cards]");
    const after = [...home.children].find((other) => other !== card && isBefore(card, other, this.#rule)) ?? null;
    if (card.parentElement === home && card.nextElementSibling === after) return;
    if (card.isConnected && home.moveBefore) home.moveBefore(card, after);
    else home.insertBefore(card, after);
  }

  #leave(card) {
    if (card.contains(document.activeElement)) {
      const neighbour = card.nextElementSibling ?? card.previousElementSibling;
      (neighbour?.querySelector("a") ?? this.#root).focus({ preventScroll: true });
    }
    card.remove();
  }

  #count() {
    for (const stage of this.#root.querySelectorAll(".stage")) {
      const number = stage.querySelectorAll(".card").length + Number(stage.dataset.beyond ?? 0);
      for (const shown of this.#root.querySelectorAll(`[data-count-of="${stage.dataset.stage}"]`)) {
        shown.dataset.count = number;
        shown.textContent = count(number);
      }
    }
    this.#root.dispatchEvent(new Event("counted"));
  }
}

function write(element, isKnown, text) {
  element.hidden = !isKnown;
  if (isKnown) element.textContent = (element.dataset.label ?? "{}").replace("{}", text());
}

/** A node that moves loses focus; give it back. */
function keepFocus(card, change) {
  const focused = card.contains(document.activeElement) ? document.activeElement : null;
  change();
  if (focused === null || focused === document.activeElement) return;
  (focused.isConnected ? focused : card.querySelector("a")).focus({ preventScroll: true });
}

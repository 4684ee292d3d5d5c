/** What happened while nobody looked at this page, in one sentence of the server. */

import { fetchDocument } from "./document.js";

const LONG = 60_000;
const LOOK = 1_000;

export class Away {
  #url;
  #connection;
  #place = document.querySelector("[data-away]");
  #left;
  #isGone = false;
  #due = null;

  /** Watch for absences: the page was hidden, or the machine slept with the page in front. */
  constructor(url, connection) {
    this.#url = url;
    this.#connection = connection;
    this.#left = this.#now();
    setInterval(() => this.#look(), LOOK);
    document.addEventListener("visibilitychange", () => this.#look());
    this.#place.addEventListener("click", ({ target }) => target.closest("[data-close]") && this.#place.replaceChildren());
  }

  /** Ask for what could not be told before: the network may come back later than the person. */
  async ask() {
    const since = this.#due;
    if (since === null) return;
    this.#due = null;
    try {
      const { body } = await fetchDocument(`${this.#url}?since=${encodeURIComponent(since)}`);
      if (body.childElementCount) this.#place.replaceChildren(...body.childNodes);
    } catch {
      this.#due ??= since;
    }
  }

  #look() {
    if (document.hidden && this.#isGone) return;
    const { at, cursor } = this.#left;
    this.#isGone = document.hidden;
    this.#left = this.#now();
    if (document.hidden || this.#left.at - at < LONG) return;
    this.#due = cursor;
    this.ask();
  }

  #now() {
    return { at: Date.now(), cursor: this.#connection.cursor };
  }
}

/**
 * A page's connection to the server: over the worker that all tabs share, or a stream of its own where there is no such
 * worker. `html[data-connection]` says how it is: see stream.js.
 */

import { covers, place } from "./cursor.js";
import { Line } from "./line.js";
import { Stream } from "./stream.js";

export class Connection {
  #addresses;
  #listener;
  #way;
  #ends = new AbortController();

  /** `listener` has `received(event, n)`, `resync()`, `heard()` and `changed(state)`. */
  constructor(addresses, cursor, listener) {
    this.#addresses = { ...addresses };
    this.#listener = listener;
    this.cursor = cursor;
  }

  /** Connect now and for as long as the page lives. */
  start() {
    const hasWorkers = typeof SharedWorker === "function";
    this.#way = hasWorkers ? new Line(this.#addresses, this) : this.#stream();
    const { signal } = this.#ends;
    document.addEventListener("visibilitychange", () => this.#way.attend(!document.hidden), { signal });
    addEventListener("online", () => this.#way.wake({ isForeign: true }), { signal });
    addEventListener("pagehide", () => this.#way.stop(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#thaw(), { signal });
    this.#way.start(!document.hidden);
  }

  /** Move on to the cursor of a reloaded page, unless the stream is further already. */
  advance(cursor) {
    if (!covers(this.cursor, cursor)) this.cursor = cursor;
  }

  /** Take a frame once: what the page was drawn with, or heard before, is no news. */
  told(event, id) {
    this.#listener.heard();
    const isKnown = covers(this.cursor, id);
    if (id) this.advance(id);
    if (event?.type === "resync") this.#listener.resync();
    else if (event && !isKnown) this.#listener.received(event, place(id).n);
  }

  changed(state) {
    const { connection, keptAt } = document.documentElement.dataset;
    if (this.#ends.signal.aborted || connection === state) return;
    if (keptAt && state === "waiting") return; // a page from the browser's own store is old until the server answers
    document.documentElement.dataset.connection = state;
    this.#listener.changed(state);
    if (state === "signed-out") this.#end();
  }

  #end() {
    this.#ends.abort();
    this.#way.stop();
  }

  /** The worker can't be had. */
  failed() {
    this.#way = this.#stream();
    this.#way.start(!document.hidden);
  }

  #stream() {
    return new Stream(this.#addresses, this.cursor, this);
  }

  #thaw() {
    this.#way.start(!document.hidden);
    this.#listener.resync();
  }
}

/**
 * One event stream that never gives up and never claims more than it knows.
 *
 * EventSource ends for good on any status but 200, on HTML and on a redirect, and its own retry has no back-off; so it
 * is closed on every error and made anew here, with the cursor we keep. `html[data-connection]` says how we are:
 * `live` only after the server greeted us, `waiting` at first, `offline` five seconds after the stream was lost.
 */

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 60_000;
const GREETING = 10_000; // a proxy that holds the bytes back lets the stream open but never greet
const OFFLINE_AFTER = 5_000;
const SETTLED = 10_000; // so long live, and the next loss starts with a short delay again
const WATCH = 2_000;
const HIDDEN = 30_000;
const MISSED_HEARTBEATS = 3;

export class Connection {
  #url;
  #cursor;
  #listener;
  #source = null;
  #heartbeat = 15_000;
  #attempt = 0;
  #heardAt = 0;
  #liveAt = null;
  #isSentAway = false;
  #lostAt = performance.now();
  #lastWake = -Infinity;
  #lastWatch = Date.now();
  #retry = 0;
  #hide = 0;

  /** `listener` has `received(event, n)`, `resync()`, `heard()` and `changed(state)`. */
  constructor(url, cursor, listener) {
    this.#url = url;
    this.#cursor = cursor;
    this.#listener = listener;
  }

  /** Connect now and for as long as the page lives. */
  start() {
    setInterval(() => this.#watch(), WATCH);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#rest() : this.#wake()));
    addEventListener("online", () => this.#wake());
    addEventListener("pagehide", () => this.#close());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#thaw());
    this.#open();
  }

  /** The place after everything we have seen: `<epoch>.<n>`. */
  get cursor() {
    return this.#cursor;
  }

  /** Move on to the cursor of a reloaded page, unless the stream is further already. */
  advance(cursor) {
    const [mine, theirs] = [place(this.#cursor), place(cursor)];
    if (mine.epoch !== theirs.epoch || mine.n < theirs.n) this.#cursor = cursor;
  }

  #open() {
    this.#close();
    const separator = this.#url.includes("?") ? "&" : "?";
    this.#heardAt = performance.now();
    this.#source = new EventSource(`${this.#url}${separator}since=${encodeURIComponent(this.#cursor)}`);
    this.#source.onmessage = (message) => this.#hear(message);
    this.#source.addEventListener("heartbeat", (message) => this.#hear(message));
    this.#source.onerror = () => (this.#isSentAway ? this.#waitAsTold() : this.#lose());
  }

  #close() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
    this.#isSentAway = false;
    this.#leave();
  }

  #leave() {
    if (this.#liveAt === null) return;
    if (performance.now() - this.#liveAt >= SETTLED) this.#attempt = 0;
    this.#liveAt = null;
    this.#lostAt = performance.now();
    this.#show();
  }

  #lose() {
    this.#close();
    const delay = Math.random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempt);
    this.#attempt += 1;
    this.#retry = setTimeout(() => this.#open(), delay);
  }

  #hear(message) {
    this.#heardAt = performance.now();
    this.#listener.heard();
    const event = read(message.data);
    if (message.lastEventId) this.#cursor = message.lastEventId;
    if (message.type === "heartbeat" || event === null) return;
    if (event.type === "connected") this.#greet(event);
    else if (event.type === "bye") this.#part(event);
    else if (event.type === "resync") this.#listener.resync();
    else this.#listener.received(event, place(message.lastEventId).n);
  }

  #greet({ heartbeat, mode }) {
    if (heartbeat > 0) this.#heartbeat = heartbeat * 1_000;
    this.#liveAt = performance.now();
    this.#show();
    if (mode === "resync") this.#listener.resync();
  }

  /** A stream that is only rotated begins anew at once; a server that stops says when to come back. */
  #part({ reason }) {
    if (reason === "rotation") this.#lose();
    else this.#isSentAway = true;
  }

  /** Only EventSource knows the `retry:` it was sent, so the first attempt after a goodbye is left to it. */
  #waitAsTold() {
    this.#isSentAway = false;
    if (this.#source.readyState === EventSource.CLOSED) return this.#lose();
    this.#heardAt = performance.now();
    this.#leave();
  }

  #watch() {
    const now = Date.now();
    const slept = now - this.#lastWatch > MISSED_HEARTBEATS * this.#heartbeat; // no clock of ours ran meanwhile
    this.#lastWatch = now;
    this.#show();
    if (this.#source && (slept || this.#isSilent())) this.#lose();
  }

  #isSilent() {
    const patience = this.#liveAt === null ? GREETING : MISSED_HEARTBEATS * this.#heartbeat;
    return performance.now() - this.#heardAt > patience;
  }

  #rest() {
    this.#hide = setTimeout(() => this.#close(), HIDDEN);
  }

  #wake() {
    clearTimeout(this.#hide);
    if (document.hidden || (this.#source && !this.#isSilent())) return;
    if (performance.now() - this.#lastWake < OFFLINE_AFTER) return;
    this.#lastWake = performance.now();
    this.#open();
  }

  #thaw() {
    this.#open();
    this.#listener.resync();
  }

  #show() {
    const lostFor = performance.now() - this.#lostAt;
    const state = this.#liveAt !== null ? "live" : lostFor < OFFLINE_AFTER ? "waiting" : "offline";
    if (document.documentElement.dataset.connection === state) return;
    document.documentElement.dataset.connection = state;
    this.#listener.changed(state);
  }
}

/** Read a cursor; a frame without an id (progress) has no place. */
export function place(cursor) {
  const dot = cursor.lastIndexOf(".");
  return dot < 0 ? { epoch: null, n: null } : { epoch: cursor.slice(0, dot), n: Number(cursor.slice(dot + 1)) };
}

function read(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

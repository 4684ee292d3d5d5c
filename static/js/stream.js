/**
 * One event stream that never gives up and never claims more than it knows. It touches no document: it runs in the
 * worker that all tabs share, and in a page that has no such worker.
 *
 * EventSource ends for good on any status but 200, on HTML and on a redirect, and its own retry has no back-off; so it
 * is closed on every error and made anew here, with the cursor we keep. We are `live` only after the server greeted us,
 * `waiting` at first, `offline` five seconds after the stream was lost, `polling` while something between us and the
 * server lets plain answers through and holds the stream back, and `signed-out` for good.
 */

import { Detour } from "./detour.js";
import { Suspicion } from "./suspicion.js";

const SIGNED_OUT = 401;
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 60_000;
const GREETING = 5_000; // the server greets at once; a proxy that collects bytes lets the greeting wait for ever
const OFFLINE_AFTER = 5_000;
const SETTLED = 10_000; // so long live, and the next loss starts with a short delay again
const WATCH = 1_000;
const ASLEEP = 10_000; // between two looks that are a second apart: no clock of ours ran
const HIDDEN = 30_000;
const LATE = 3_000; // after a heartbeat was due, when somebody comes back to look
const WAKES_APART = 1_000;
const MISSED_HEARTBEATS = 3;
const FIRST_PROOF = 15_000;
const LONGEST_PROOF = 300_000;

export class Stream {
  #addresses;
  #listener;
  #detour;
  #suspicion = new Suspicion();
  #source = null;
  #state = "waiting";
  #heartbeat = 15_000;
  #attempt = 0;
  #proofs = 0;
  #heard = moment();
  #liveAt = null;
  #lostAt = performance.now();
  #wokenAt = -Infinity;
  #watchedAt = Date.now();
  #isResting = true;
  #isSentAway = false;
  #scope = null; // whose requests we may see, as a word of the server
  #lastId = ""; // a message without an id carries that of the one before
  #watching = 0;
  #retry = 0;
  #hide = 0;

  /** `listener` has `told(event, id)`, where the event of a heartbeat is null, and `changed(state)`. */
  constructor(addresses, cursor, listener) {
    this.#addresses = addresses;
    this.#listener = listener;
    this.cursor = cursor;
    this.#detour = new Detour(addresses, this);
  }

  /** Connect now, for as long as somebody looks. */
  start(isSeen) {
    this.#watchedAt = Date.now();
    this.#watching = setInterval(() => this.#watch(), WATCH);
    this.#rise();
    if (!isSeen) this.attend(false);
  }

  /** Let go of everything; `start` begins again where this ended. */
  stop() {
    clearInterval(this.#watching);
    clearTimeout(this.#hide);
    this.#rest();
  }

  /** Hear whether anybody looks: who comes back is served at once, and for nobody the stream rests after a while. */
  attend(isSeen) {
    clearTimeout(this.#hide);
    if (isSeen) this.wake();
    else this.#hide = setTimeout(() => this.#rest(), HIDDEN);
  }

  /** Prove the stream, or replace it; `isForeign`: on another network no old connection lives. */
  wake({ isForeign = false } = {}) {
    if (this.#source && !isForeign && !this.#isLate()) return;
    if (performance.now() - this.#wokenAt < WAKES_APART) return;
    this.#wokenAt = performance.now();
    if (this.#detour.isOn) this.#detour.hurry();
    this.#rise();
  }

  /** Take what came, whichever way, and keep the place after it. */
  told(event, id) {
    if (id) this.cursor = id;
    this.#listener.told(event, id);
  }

  /** The detour ends nowhere: the server itself is away. */
  failed() {
    this.#detour.stop();
    this.#lostAt = performance.now();
    this.#rise();
  }

  #rise() {
    if (this.#isResting) this.#lostAt = performance.now();
    this.#isResting = false;
    this.#attempt = 0;
    this.#open();
  }

  #rest() {
    this.#isResting = true;
    this.#detour.stop();
    this.#close();
  }

  #open() {
    this.#close();
    this.#heard = moment();
    this.#suspicion.begin();
    this.#lastId = "";
    const separator = this.#addresses.eventsUrl.includes("?") ? "&" : "?";
    const source = new EventSource(`${this.#addresses.eventsUrl}${separator}since=${encodeURIComponent(this.cursor)}`);
    source.onmessage = (message) => this.#hear(message);
    source.addEventListener("heartbeat", (message) => this.#beat(message));
    source.onerror = () => this.#fail();
    this.#source = source;
    this.#show();
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

  #fail() {
    const isRefused = this.#source.readyState === EventSource.CLOSED;
    if (this.#isSentAway && !isRefused) return this.#waitAsTold();
    this.#lose();
    if (isRefused) this.#askWhy();
  }

  /** EventSource tells no status, and of those that end it one alone is no reason to come back. */
  async #askWhy() {
    const answer = await fetch(this.#addresses.eventsUrl, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (answer?.status === SIGNED_OUT && this.#liveAt === null && !this.#isResting) this.#end();
  }

  /** Nobody is signed in here any more. Who signs in again loads the page anew. */
  #end() {
    this.stop();
    this.#state = "signed-out";
    this.#listener.changed(this.#state);
  }

  /** Come back later; on the detour that is only to see whether the stream flows again. */
  #lose() {
    this.#close();
    const [first, longest, count] = this.#detour.isOn
      ? [FIRST_PROOF, LONGEST_PROOF, this.#proofs++]
      : [FIRST_DELAY, LONGEST_DELAY, this.#attempt++];
    const most = Math.min(longest, first * 2 ** count);
    this.#retry = setTimeout(() => this.#open(), this.#detour.isOn ? most : Math.random() * most);
  }

  #beat(message) {
    const slept = Date.now() - this.#watchedAt > ASLEEP; // what waited for us came together by our own fault
    if (!slept) this.#suspicion.beat(this.#heartbeat);
    this.#heard = moment();
    this.#lastId = message.lastEventId;
    this.told(null, message.lastEventId);
    if (this.#suspicion.isStrong) this.#doubt();
  }

  #hear(message) {
    this.#heard = moment();
    const event = read(message.data);
    if (event === null) return;
    const id = message.lastEventId === this.#lastId ? "" : message.lastEventId;
    this.#lastId = message.lastEventId;
    if (event.type === "connected") this.#greet(event, id);
    else if (event.type === "bye") this.#part(event);
    else this.told(event, id);
  }

  #greet({ heartbeat, mode, scope }, id) {
    if (heartbeat > 0) this.#heartbeat = heartbeat * 1_000;
    if (this.#detour.isOn) this.#return();
    this.#liveAt = performance.now();
    this.#show();
    const isOther = this.isAnother(scope);
    this.told(mode === "resync" || isOther ? { type: "resync", reason: isOther ? "scope" : "gap" } : null, id);
  }

  /** Hear whose requests we may see; true when it is not as before, so what a page shows is too much or too little. */
  isAnother(scope) {
    const before = this.#scope ?? scope;
    this.#scope = scope;
    return before !== scope;
  }

  #return() {
    this.#detour.stop();
    this.#detour.report(false);
    this.#suspicion.relent();
  }

  /** A stream that is only rotated begins anew at once; a server that stops says when to come back. */
  #part({ reason }) {
    if (reason === "signed out") this.#end();
    else if (reason === "rotation") this.#lose();
    else this.#isSentAway = true;
  }

  /** Only EventSource knows the `retry:` it was sent, so the first attempt after a goodbye is left to it. */
  #waitAsTold() {
    this.#isSentAway = false;
    this.#heard = moment();
    this.#leave();
  }

  #watch() {
    const slept = Date.now() - this.#watchedAt > ASLEEP;
    this.#watchedAt = Date.now();
    this.#show();
    if (this.#isResting) return;
    if (slept) this.wake({ isForeign: true });
    else if (this.#source && this.#isSilent()) this.#miss();
  }

  #miss() {
    if (this.#liveAt === null) return this.#doubt();
    this.#suspicion.silence();
    if (this.#suspicion.isStrong) this.#doubt();
    else this.#rise();
  }

  /** A plain answer that comes while the stream says nothing proves that something holds the stream back. */
  async #doubt() {
    const isKnown = this.#detour.isOn;
    this.#close();
    const isHeld = isKnown || (await this.#detour.start());
    if (this.#isResting || this.#source) return this.#detour.stop(); // somebody left or came back meanwhile
    if (isHeld) this.#detour.report(true);
    if (!isKnown) this.#proofs = 0;
    this.#lose();
    this.#show();
  }

  #isSilent() {
    const patience = this.#liveAt === null ? GREETING : MISSED_HEARTBEATS * this.#heartbeat;
    return since(this.#heard) > patience;
  }

  #isLate() {
    return since(this.#heard) > this.#heartbeat + LATE;
  }

  #show() {
    const isLost = performance.now() - this.#lostAt >= OFFLINE_AFTER;
    const without = this.#detour.isOn ? "polling" : isLost ? "offline" : "waiting";
    const state = this.#liveAt === null ? without : "live";
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.changed(state);
  }

  /** How we are: `live`, `waiting`, `polling`, `offline` or `signed-out`. */
  get state() {
    return this.#state;
  }
}

/** Now, by both clocks: one stands still in some machines that sleep, people set the other. */
function moment() {
  return { steady: performance.now(), wall: Date.now() };
}

function since({ steady, wall }) {
  return Math.max(performance.now() - steady, Date.now() - wall);
}

function read(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

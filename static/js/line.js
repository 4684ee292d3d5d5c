/** A tab's line to the worker that holds the stream for all tabs, and to its successor when it dies or hangs. */

const LOOK = 100;
const BEAT = 190; // every second look: the screen is on meanwhile, and takes far more
const HIDDEN_BEAT = 30_000;
const MISSED = 3; // answers of a worker that lived; counted and not timed, so that a tab that slept blames nobody
const MISSED_AT_FIRST = 50; // a new one has to be loaded
const KEY = "arrivarr-worker";

export class Line {
  #addresses;
  #listener;
  #port = null;
  #number = 0;
  #unanswered = 0;
  #isKnown = false;
  #saidAt = -Infinity;
  #timer = 0;

  /** `listener` has `cursor`, `told(event, id)`, `changed(state)` and `failed()`, when there is no such worker. */
  constructor(addresses, listener) {
    this.#addresses = addresses;
    this.#listener = listener;
  }

  start() {
    this.#open(remembered());
    this.#timer = setInterval(() => this.#look(), LOOK);
    addEventListener("storage", this.#follow);
  }

  stop() {
    clearInterval(this.#timer);
    removeEventListener("storage", this.#follow);
    this.#close();
  }

  attend() {
    this.#say();
  }

  /** `how` is for the stream. */
  wake(how = {}) {
    this.#say({ wake: how });
  }

  #open(number) {
    this.#number = number;
    this.#unanswered = 0;
    this.#isKnown = false;
    try {
      const worker = new SharedWorker(this.#addresses.workerUrl, { type: "module", name: `arrivarr-${number}` });
      worker.onerror = () => this.#port === worker.port && this.#fail();
      this.#port = worker.port;
    } catch {
      return this.#fail();
    }
    this.#port.onmessage = ({ data }) => this.#hear(data);
    this.#say();
  }

  #close() {
    this.#port?.postMessage({ hasLeft: true }); // if it only hangs it reads this later, and lets its stream go
    this.#port?.close();
    this.#port = null;
  }

  #fail() {
    this.stop();
    this.#listener.failed();
  }

  /** Speak when it is time, and at every look to a worker that owes an answer. */
  #look() {
    if (this.#unanswered >= (this.#isKnown ? MISSED : MISSED_AT_FIRST)) return this.#replace();
    const isTime = performance.now() - this.#saidAt >= (document.hidden ? HIDDEN_BEAT : BEAT);
    if (this.#unanswered || isTime) this.#say();
  }

  /** Go on with a worker of another name, the same for all tabs: the old one may still hold its own. */
  #replace() {
    if (!this.#isKnown) return this.#fail();
    const next = Math.max(remembered(), this.#number + 1);
    remember(next);
    this.#move(next);
  }

  /** Another tab has replaced it: go along at once, or two workers would hold a stream each. */
  #follow = ({ key }) => {
    if (key === KEY && remembered() > this.#number) this.#move(remembered());
  };

  #move(number) {
    this.#close();
    this.#open(number);
  }

  #say(more = {}) {
    if (!this.#port) return;
    this.#unanswered += 1;
    this.#saidAt = performance.now();
    const isSeen = !document.hidden;
    this.#port.postMessage({ addresses: this.#addresses, cursor: this.#listener.cursor, isSeen, ...more });
  }

  #hear({ frame, state }) {
    this.#unanswered = 0;
    this.#isKnown = true;
    if (state) this.#listener.changed(state);
    if (frame) this.#listener.told(frame.event, frame.id);
  }
}

/** Storage may be forbidden; tabs then agree on the first worker, and a little later on each next one. */
function remembered() {
  try {
    return Number(localStorage.getItem(KEY)) || 0;
  } catch {
    return 0;
  }
}

function remember(number) {
  try {
    localStorage.setItem(KEY, number);
  } catch {
    // nothing is lost but a second
  }
}

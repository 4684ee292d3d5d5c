/**
 * Tells a proxy that holds events back from a line that is merely bad. A greeting that does not come is for the stream
 * to judge; what comes late is judged here.
 */

const ENOUGH = 2; // once may be a tunnel

export class Suspicion {
  #count = 0;
  #beatAt = null;

  get isStrong() {
    return this.#count >= ENOUGH;
  }

  /** A new stream: its heartbeats have nothing to do with those before. */
  begin() {
    this.#beatAt = null;
  }

  /** Heartbeats that were due did not come. */
  silence() {
    this.#count += 1;
  }

  /**
   * A heartbeat came. The server sends one after a whole pause only, so two that come closer were held together; one that
   * comes in time is trusted again, and a later one says nothing: events may have come instead.
   */
  beat(pause, now = performance.now()) {
    const pauses = this.#beatAt === null ? Infinity : (now - this.#beatAt) / pause;
    if (pauses < 0.5) this.#count += 1;
    else if (pauses < 1.5) this.#count = 0;
    this.#beatAt = now;
  }

  /** The stream flows again, but is not trusted for long. */
  relent() {
    this.#count = Math.min(this.#count, ENOUGH - 1);
  }
}

/** The newest frames, for tabs whose page was drawn before the stream came to where it is. */

import { place } from "./cursor.js";

const MOST = 256; // as many as the server replays

export class Ring {
  #from;
  #frames = [];

  /** What comes after `cursor` will be here, none left out. */
  constructor(cursor) {
    this.#from = place(cursor);
  }

  /** Keep a frame; the first place after a gap is where it is whole again. */
  note(event, id) {
    if (event?.type === "resync") this.#from = { epoch: null, n: null };
    const { epoch, n } = place(id);
    if (n === null) return;
    if (epoch !== this.#from.epoch) [this.#from, this.#frames] = [{ epoch, n }, []];
    else if (event) this.#frames.push({ event, id });
    if (this.#frames.length > MOST) this.#from = place(this.#frames.shift().id);
  }

  /** Give all frames after a place, or null when some of them are gone. */
  after(cursor) {
    const { epoch, n } = place(cursor);
    if (epoch !== this.#from.epoch || n < this.#from.n) return null;
    return this.#frames.filter(({ id }) => place(id).n > n);
  }
}

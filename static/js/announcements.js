/** The polite live region: what matters, in the server's own sentences, and never a stream of them. */

const PAUSE = 5_000;
const MOST_WAITING = 3;

export class Announcements {
  #region = document.querySelector("[data-announcements]");
  #waiting = [];
  #timer = 0;
  #wasLost = false;

  /** Say what an event means for the card it brought. */
  card(event, card) {
    if (event.type === "request_created") this.#say(card.dataset.announceCreated);
    else if (event.type === "state_change") this.#say(card.dataset.announce);
  }

  /** Say that the stream is lost, and that it is back, but not each attempt; and that nobody is signed in any more. */
  connection(state) {
    if (state === "signed-out") this.#say(this.#region.dataset.labelSignedOut);
    else if (state === "offline") this.#say(this.#region.dataset.labelLost);
    else if (state !== "waiting" && this.#wasLost) this.#say(this.#region.dataset.labelBack);
    if (state !== "waiting") this.#wasLost = state === "offline";
  }

  #say(sentence) {
    if (!sentence) return;
    this.#waiting = [...this.#waiting, sentence].slice(-MOST_WAITING);
    if (!this.#timer) this.#next();
  }

  #next() {
    const sentence = this.#waiting.shift();
    this.#timer = sentence === undefined ? 0 : setTimeout(() => this.#next(), PAUSE);
    if (sentence !== undefined) this.#region.textContent = sentence;
  }
}

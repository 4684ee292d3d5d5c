/** The way round a proxy that holds the stream back: ask for what changed, every few seconds, and tell the server. */

const PACE = 3_000;
const PATIENCE = 5_000;

export class Detour {
  #addresses;
  #listener;
  #timer = 0;
  #proxy = "";
  #turn = 0;
  isOn = false;

  /** `listener` has `cursor`, `told(event, id)`, `isAnother(scope)` and `failed()`. */
  constructor(addresses, listener) {
    this.#addresses = addresses;
    this.#listener = listener;
  }

  /** Go this way until it fails or is no longer needed; false when it does not even begin. */
  async start() {
    this.isOn = await this.#ask();
    if (this.isOn) this.#timer = setTimeout(() => this.#goOn(), PACE);
    return this.isOn;
  }

  /** Ask now instead of at the next turn. */
  hurry() {
    this.#forget();
    this.#goOn();
  }

  stop() {
    this.#forget();
    this.isOn = false;
  }

  /** Say on the page of the services whether the stream is held back, and by whom. */
  report(isHeld) {
    const body = new URLSearchParams({
      held: isHeld ? "yes" : "no", proxy: this.#proxy, csrf_token: this.#addresses.formToken,
    });
    fetch(this.#addresses.reportUrl, { method: "POST", body }).catch(() => {}); // the next one tells it again
  }

  /** An answer that is still on its way comes too late. */
  #forget() {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  async #goOn() {
    const turn = this.#turn;
    const isAnswered = await this.#ask();
    if (turn !== this.#turn) return;
    if (isAnswered) this.#timer = setTimeout(() => this.#goOn(), PACE);
    else this.#listener.failed();
  }

  async #ask() {
    const turn = this.#turn;
    let answer;
    try {
      const query = new URLSearchParams({ since: this.#listener.cursor, cards: "yes" });
      const response = await fetch(`${this.#addresses.apiUrl}?${query}`, {
        cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
      });
      if (!response.ok) return false;
      this.#proxy = response.headers.get("Via") ?? response.headers.get("Server") ?? "";
      answer = await response.json();
    } catch {
      return false;
    }
    if (turn === this.#turn) this.#tell(answer);
    return turn === this.#turn;
  }

  /** Tell of an answer as the stream would, and last up to where it reaches. */
  #tell({ requests, deleted, cursor, reset, scope }) {
    const changed = requests.map(({ id, card }) => ({ type: "request_updated", request_id: id, card }));
    const gone = deleted.map((id) => ({ type: "request_deleted", request_id: id }));
    const isUseless = this.#listener.isAnother(scope) || reset;
    const events = isUseless ? [{ type: "resync", reason: "reset" }] : [...changed, ...gone];
    for (const event of events) this.#listener.told(event, "");
    this.#listener.told(null, cursor);
  }
}

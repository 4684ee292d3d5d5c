/** The parts of a page that are fetched again: each marked `data-part` becomes what the fresh page has in its place. */

import { morph } from "./morph.js";
import { localise } from "./times.js";

export function takeParts(fresh) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (next) morph(part, next);
    localise(part);
  }
}

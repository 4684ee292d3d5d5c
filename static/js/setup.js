/** Connecting services: a test answers in place, and the lamps turn green by themselves while somebody looks. */

import { offerCopies } from "./copy.js";
import { fetchDocument } from "./document.js";
import { takeParts } from "./parts.js";
import { keepTimes } from "./times.js";

const EVERY = 2_000;
const LATER = 15_000;
const LONG = 5 * 60_000; // somebody has left the page open

offerCopies(document);
keepTimes();
document.querySelectorAll("form[data-busy]").forEach(follow);
document.querySelectorAll("[data-service-form]").forEach(lead);
if (document.querySelector("[data-part]")) setTimeout(refresh, EVERY);
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(rest));

/** A form waits for a service: it says so, and is not sent twice. */
function follow(form) {
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) return event.preventDefault();
    const button = event.submitter;
    form.setAttribute("aria-busy", "true");
    button.dataset.label = button.textContent;
    // What a button carries is read after this turn.
    setTimeout(() => { button.textContent = form.dataset.busy; });
    if (!("inPlace" in button.dataset)) return;
    event.preventDefault();
    ask(form, button);
  });
}

async function ask(form, button) {
  try {
    const response = await fetch(button.formAction, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const answer = form.querySelector("[data-answer]");
    answer.replaceChildren(...page.querySelector(`[data-answer="${answer.dataset.answer}"]`).childNodes);
    takeParts(page);
    rest(form);
  } catch {
    location.reload(); // signed out, or nobody there: the browser has words for that
  }
}

function rest(form) {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-label]")) {
    button.textContent = button.dataset.label;
    delete button.dataset.label;
  }
}

/** The link to the page with the key leads to the address as it is typed. */
function lead(form) {
  const link = form.querySelector("[data-key-link]");
  form.url?.addEventListener("input", () => {
    const typed = form.url.value.trim();
    const url = /^[a-z]+:\/\//i.test(typed) ? typed : `http://${typed}`;
    link.hidden = !/^https?:/i.test(url) || !URL.canParse(url);
    if (!link.hidden) link.href = url.replace(/\/+$/, "") + link.dataset.keyLink;
  });
}

async function refresh() {
  if (!document.hidden) {
    try {
      takeParts(await fetchDocument(location.href));
    } catch ({ status }) {
      if (status) return; // signed out, or taken away meanwhile
    }
  }
  setTimeout(refresh, performance.now() < LONG ? EVERY : LATER);
}

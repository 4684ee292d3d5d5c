/** The wall: rows move and turn over by themselves, pages turn, and nobody touches anything for months. */

import { alarm } from "./alarm.js";
import { keepAwake } from "./awake.js";
import { Connection } from "./connection.js";
import { fetchDocument } from "./document.js";
import { flipping, turnOver } from "./flip.js";
import { confirm, keepFresh } from "./freshness.js";
import { forgetPages, keepPage, truth } from "./keep.js";
import { morph } from "./morph.js";
import { glide } from "./motion.js";
import { left, percent, speed } from "./numbers.js";
import { asOf, asOfNow, keepTimes, localise, setTime } from "./times.js";

const SOON = 300;
const LATER = 15_000;
const AGAIN = 5 * 60_000; // what is news today is none tomorrow, and the server may be another by then
const TURN = 15_000;
const IDLE = 4_000;
const OLD_AGE = 12 * 3_600_000;

const root = document.documentElement;
const wall = document.querySelector("[data-wall]");
const rows = wall.querySelector("[data-rows]");
const clock = wall.querySelector("[data-clock]");
const pageWord = wall.querySelector("[data-page]");
const bornAt = performance.now();
const english = navigator.languages.find((language) => language.startsWith(root.lang)) ?? "en-GB";
const day = new Intl.DateTimeFormat(english, { weekday: "long", day: "numeric", month: "long" });
const reloadIn = alarm(reload);
let page = 0;

const addresses = document.querySelector("[data-events-url]").dataset;
const connection = new Connection(addresses, wall.dataset.cursor, {
  received: (event) => (event.type === "progress_update" ? patch(event) : reloadIn(SOON)),
  resync: () => reloadIn(Math.random() * SOON),
  heard: asOfNow,
  changed: (state) => {
    if (state === "signed-out") forgetPages();
    if (state === "live") rest();
  },
});

function patch({ request_id: id, progress, eta, speed: rate }) {
  const row = rows.querySelector(`[data-request-id="${Number(id)}"]`);
  if (!row) return;
  confirm(row);
  flipping(row, () => {
    row.querySelectorAll(".progress, .row__percent").forEach((part) => (part.hidden = false));
    row.querySelector(".progress-bar").value = progress;
    row.querySelector(".progress-text").textContent = percent(progress);
    row.querySelector(".row__left").hidden = eta <= 0;
    if (eta <= 0) return;
    const [time, rest] = [row.querySelector(".row__time time"), row.querySelector(".progress-left")];
    rest.textContent = rest.dataset.label.replace("{}", left(eta));
    row.querySelector(".progress-speed").textContent = speed(rate);
    time.classList.remove("flap--blank");
    time.parentElement.removeAttribute("aria-hidden");
    setTime(time, new Date(Date.now() + eta * 1_000));
  });
}

async function reload() {
  try {
    const fresh = (await fetchDocument(location.href)).querySelector("[data-wall]");
    if (fresh.dataset.version !== wall.dataset.version) return location.reload();
    take(fresh);
    connection.advance(fresh.dataset.cursor);
    reloadIn(AGAIN);
  } catch ({ isSignedOut }) {
    if (isSignedOut) return connection.changed("signed-out");
    reloadIn(LATER);
  }
}

function take(fresh) {
  localise(fresh);
  wall.dataset.down = fresh.dataset.down;
  morph(wall.querySelector(".banner"), fresh.querySelector(".banner"));
  const drawn = [...fresh.querySelectorAll(".row")];
  glide(() => rows.querySelectorAll(".row:not([hidden])"), () => flipping(rows, () => {
    const known = new Map([...rows.children].map((row) => [row.dataset.requestId, row]));
    const next = drawn.map((row) => {
      const old = known.get(row.dataset.requestId);
      if (old) morph(old, row);
      return old ?? document.importNode(row, true);
    });
    rows.replaceChildren(...next);
    fit();
  }));
}

/** Show the rows of one page; how many fit the style sheet has decided. */
function fit() {
  const all = [...rows.children];
  const heights = getComputedStyle(rows).gridTemplateRows.split(" ").filter((height) => parseFloat(height) > 0);
  const most = Math.max(1, heights.length);
  const pages = Math.ceil(all.length / most) || 1;
  page %= pages;
  all.forEach((row, place) => (row.hidden = Math.floor(place / most) !== page));
  pageWord.hidden = pages < 2;
  pageWord.textContent = pageWord.dataset.label.replace("{page}", page + 1).replace("{pages}", pages);
}

function tick() {
  flipping(wall.querySelector(".wall__clock"), () => setTime(clock, new Date()));
  wall.querySelector("[data-day]").textContent = day.format(new Date());
}

function turnPage() {
  const before = page;
  page += 1;
  fit();
  if (page !== before) turnOver(rows.querySelectorAll(".row:not([hidden])"));
}

/** A page that lives for months begins anew twice a day, when it knows that the server answers; a kept one at once. */
function rest() {
  if (truth || performance.now() - bornAt > OLD_AGE) location.reload();
}

function hidePointer() {
  let idle = 0;
  const move = () => {
    root.removeAttribute("data-is-idle");
    clearTimeout(idle);
    idle = setTimeout(() => root.setAttribute("data-is-idle", ""), IDLE);
  };
  addEventListener("pointermove", move);
  move();
}

asOf(truth ?? new Date());
keepTimes();
tick();
fit();
keepFresh();
hidePointer();
keepAwake((isAwake) => (wall.querySelector("[data-awake]").hidden = isAwake));
new ResizeObserver(fit).observe(rows);
setInterval(tick, 1_000);
setInterval(turnPage, TURN);
setInterval(() => root.dataset.connection === "live" && rest(), 60_000);
reloadIn(AGAIN);
connection.start();
keepPage(addresses);

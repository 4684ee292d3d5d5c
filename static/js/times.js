/** `<time datetime>` in the viewer's own zone and clock; the server writes UTC, the same for everybody. */

const lang = document.documentElement.lang;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS = [["year", 365 * DAY], ["month", 30 * DAY], ["day", DAY], ["hour", 60 * MINUTE], ["minute", MINUTE]];

const words = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const briefly = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "narrow" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short" });
const date = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "medium" });

const FORMATS = {
  hour: (at) => clock.format(at),
  day: (at, now) => dayWord(at, now),
  clock: (at, now) => [dayWord(at, now), clock.format(at)].filter(Boolean).join(" "),
  relative: (at, now, isFine) => relative(at, now, isFine),
  date: (at) => date.format(at),
  "day-name": (at, now) => dayWord(at, now) || words.format(0, "day"),
};

/** Write all times below an element for its viewer. */
export function localise(root, now = new Date()) {
  root.querySelectorAll("time[datetime]").forEach((element) => write(element, now));
  let said = "";
  for (const heading of root.querySelectorAll("[data-day-name]")) {
    heading.hidden = heading.previousElementSibling !== null && heading.textContent === said;
    said = heading.textContent;
  }
}

/** Keep the times of the page true while it is open. */
export function keepTimes() {
  localise(document);
  setInterval(() => localise(document), MINUTE / 2);
  setInterval(() => document.querySelectorAll("time[data-fine][datetime]").forEach((each) => write(each, new Date())), 1_000);
}

/** Give an element a new time. */
export function setTime(element, at) {
  element.dateTime = at.toISOString();
  write(element, new Date());
}

/** Note that the page is known to be right as of now. */
export const asOfNow = () => asOf(new Date());

/** Note when the page was known to be right. */
export function asOf(at) {
  document.querySelectorAll("time[data-as-of]").forEach((element) => setTime(element, at));
}

function write(element, now) {
  const at = new Date(element.dateTime);
  if (Number.isNaN(at.getTime())) return;
  const text = FORMATS[element.dataset.format](at, now, "fine" in element.dataset);
  if (element.textContent !== text) element.textContent = text;
  if (element.dataset.format === "relative") element.title = exact.format(at);
}

function relative(at, now, isFine) {
  const difference = at - now;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(difference) >= length) ?? ["second", 1_000];
  const count = Math.trunc(difference / size);
  if (isFine) return briefly.format(count || -0, unit);
  return words.format(unit === "second" ? 0 : count, unit);
}

function dayWord(at, now) {
  const days = Math.round((midnight(at) - midnight(now)) / DAY);
  if (days === 0) return "";
  return Math.abs(days) === 1 ? words.format(days, "day") : day.format(at);
}

function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate());
}

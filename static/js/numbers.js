/** Numbers as people read them: the same as templates/_times.html writes. */

const lang = document.documentElement.lang;
const percents = new Intl.NumberFormat(lang, { style: "percent" });
const counts = new Intl.NumberFormat(lang);
const mega = new Intl.NumberFormat(lang, {
  style: "unit", unit: "megabyte-per-second", minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false,
});
const kilo = new Intl.NumberFormat(lang, { style: "unit", unit: "kilobyte-per-second", maximumFractionDigits: 0 });
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

export const percent = (whole) => percents.format(whole / 100);
export const count = (number) => counts.format(number);
export const speed = (rate) => (rate >= 1e6 ? mega.format(rate / 1e6) : kilo.format(Math.trunc(rate / 1e3)));

/** Write a duration in its largest unit, with the next one from an hour on. */
export function left(seconds) {
  if (seconds >= 60 && seconds < 3_600) return unit("minute", Math.floor((seconds + 30) / 60));
  const index = UNITS.findIndex(([, size]) => seconds >= size);
  if (index < 0) return unit("second", 0);
  const [[large, size], [small, fraction] = []] = UNITS.slice(index);
  const rest = fraction > 1 ? Math.floor((seconds % size) / fraction) : 0;
  return [unit(large, Math.floor(seconds / size)), rest && unit(small, rest)].filter(Boolean).join(" ");
}

function unit(name, number) {
  return new Intl.NumberFormat(lang, { style: "unit", unit: name, unitDisplay: "short" }).format(number);
}

// Times in the reader's zone, with the event's zone where the two differ.
//
//   <time datetime="2026-11-23T09:00:00Z" data-format="date-time">Mon 23 Nov, 09:00 UTC</time>
//   <span data-event-time="2026-11-23T09:00:00Z" data-event-zone="Europe/Lisbon">…</span>    hidden where the zones agree
//
// Without this module the text that the server wrote stands, in the event's zone and named so.

const locale = document.documentElement.lang || undefined;

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMATS = {
  "date-time": { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  date: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
};

/** @param {Date} when @param {string} format @param {string} [zone] */
function text(when, format, zone) {
  return new Intl.DateTimeFormat(locale, { ...FORMATS[format], hourCycle: "h23", timeZone: zone }).format(when);
}

/** The day as one speaks of it: Today, Yesterday, or its date. @param {Date} when */
function relative(when) {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const days = Math.round((new Date(when).setHours(0, 0, 0, 0) - midnight.getTime()) / 86_400_000);
  if (Math.abs(days) > 1) return text(when, "date-time");
  const day = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return `${day.charAt(0).toLocaleUpperCase(locale)}${day.slice(1)}, ${text(when, "time")}`;
}

for (const element of document.querySelectorAll("time[datetime][data-format]")) {
  const time = /** @type {HTMLTimeElement} */ (element);
  const when = new Date(time.dateTime);
  const format = time.dataset.format ?? "date-time";
  if (Number.isNaN(when.getTime())) continue;
  time.textContent = format === "relative" ? relative(when) : text(when, format);
}

for (const element of document.querySelectorAll("[data-event-zone]")) {
  const note = /** @type {HTMLElement} */ (element);
  const when = new Date(note.dataset.eventTime ?? "");
  const zone = note.dataset.eventZone;
  if (Number.isNaN(when.getTime()) || !zone) continue;
  note.hidden = text(when, "date-time") === text(when, "date-time", zone);
}

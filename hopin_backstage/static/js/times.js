// Times in the reader's zone, with the event's zone where the two differ.
//
//   <time datetime="2026-11-23T09:00:00Z" data-format="relative">Mon 23 Nov 2026, 09:00</time>
//   <div data-when>…</div>    see templates/includes/when.html
//
// Without this module the text that the server wrote stands, and names its zone.

// The page's language, as the reader's region writes it.
const language = document.documentElement.lang;
const locale = navigator.languages.find((wanted) => wanted.split("-")[0] === language) ?? (language || undefined);

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMATS = {
  "date-time": { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
  date: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
};

/** Without the year while it is this year. @param {Date} when @param {string} format @param {string} [zone] */
function text(when, format, zone) {
  const { year, ...parts } = FORMATS[format];
  const shown = when.getFullYear() === new Date().getFullYear() ? parts : { ...parts, year };
  return new Intl.DateTimeFormat(locale, { ...shown, hourCycle: "h23", timeZone: zone }).format(when);
}

/** The reader's zone as a clock names it: "GMT+1". @param {Date} when */
function zoneName(when) {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "short" }).formatToParts(when);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

/**
 * From one moment to another; the day of the second only where it is another day.
 *
 * @param {HTMLTimeElement} start
 * @param {HTMLTimeElement} end
 * @param {string} [zone]
 */
function writeSpan(start, end, zone) {
  const starts = new Date(start.dateTime);
  const ends = new Date(end.dateTime);
  start.textContent = text(starts, "date-time", zone);
  const sameDay = text(starts, "date", zone) === text(ends, "date", zone);
  end.textContent = text(ends, sameDay ? "time" : "date-time", zone);
}

/** The day as one speaks of it: Today, Yesterday, or its date. @param {Date} when */
function relative(when) {
  const days = Math.round((new Date(when).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
  if (Math.abs(days) > 1) return text(when, "date-time");
  const day = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return `${day.charAt(0).toLocaleUpperCase(locale)}${day.slice(1)}, ${text(when, "time")}`;
}

for (const element of document.querySelectorAll("time[datetime][data-format]")) {
  const time = /** @type {HTMLTimeElement} */ (element);
  const when = new Date(time.dateTime);
  const format = time.dataset.format ?? "date-time";
  time.textContent = format === "relative" ? relative(when) : text(when, format);
}

for (const place of document.querySelectorAll("[data-when]")) {
  const [start, end, theirStart, theirEnd] = ["start", "end", "there-start", "there-end"].map(
    (name) => /** @type {HTMLTimeElement | null} */ (place.querySelector(`[data-when-${name}]`)),
  );
  const zone = place.querySelector("[data-when-zone]");
  const there = /** @type {HTMLElement | null} */ (place.querySelector("[data-when-there]"));
  if (!start || !end || !theirStart || !theirEnd || !zone || !there) continue;
  const starts = new Date(start.dateTime);
  const theirZone = there.dataset.whenThere;
  writeSpan(start, end);
  zone.textContent = zoneName(starts);
  writeSpan(theirStart, theirEnd, theirZone);
  there.hidden = text(starts, "date-time") === text(starts, "date-time", theirZone);
}

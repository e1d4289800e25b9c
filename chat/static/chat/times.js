// When something was said, in the reader's zone.

const DAY_MS = 86_400_000;
/** @type {Intl.DateTimeFormatOptions} */
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** @param {number} at  milliseconds */
export function dayOf(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Today, Yesterday, or its date; with the year if it is another one. @param {number} at @param {number} now @param {string} [locale] */
export function dayLabel(at, now, locale) {
  const days = Math.round((dayOf(at) - dayOf(now)) / DAY_MS);
  if (days === 0 || days === -1) {
    const day = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
    return day.charAt(0).toLocaleUpperCase(locale) + day.slice(1);
  }
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: isThisYear ? undefined : "numeric",
  }).format(at);
}

/** 14:03 @param {number} at @param {string} [locale] */
export function timeOf(at, locale) {
  return new Intl.DateTimeFormat(locale, TIME).format(at);
}

/** 14:03:12 @param {number} at @param {string} [locale] */
export function secondOf(at, locale) {
  return new Intl.DateTimeFormat(locale, { ...TIME, second: "2-digit" }).format(at);
}

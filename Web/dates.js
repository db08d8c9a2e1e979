/** A date from ISO 8601 text or seconds since 1970; null where there is none. */
export function parseDate(value) {
  if (value === undefined || value === null || value === "") return null;
  const date = new Date(typeof value === "number" ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? null : date;
}

// The page is in English; an English reader's own region says how a date is written.
const locale = navigator.language?.startsWith("en") ? navigator.language : "en-GB";

/** How long ago, in the fewest words: "14:02", "yesterday", "Monday", "3 May". */
export function whenAbout(value, now = new Date()) {
  const date = parseDate(value);
  if (!date) return "";
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (days === 1) return "yesterday";
  if (days > 1 && days < 7) return date.toLocaleDateString(locale, { weekday: "long" });
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString(locale, { day: "numeric", month: "long", year: sameYear ? undefined : "numeric" });
}

/** Day and time, for a heading between messages: "Yesterday, 18:20". */
export function whenExactly(value, now = new Date()) {
  const date = parseDate(value);
  if (!date) return "";
  const time = date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const day = whenAbout(date, now);
  return startOfDay(date) === startOfDay(now) ? `Today, ${time}` : `${day[0].toUpperCase()}${day.slice(1)}, ${time}`;
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

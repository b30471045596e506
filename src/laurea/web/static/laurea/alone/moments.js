// Points in time as credentials write them: with a time zone, or not at all.

const MOMENT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:Z|([+-])(\d\d):(\d\d))$/;

// Milliseconds since 1970; null for what is no moment. Leap seconds, hour 24, the year 0 and zones beyond 14 hours are
// none: programs do not agree about them.
export function readMoment(text) {
  const found = typeof text === "string" ? MOMENT.exec(text) : null;
  if (!found) return null;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const offset = found[8] ? Number(found[9]) * 60 + Number(found[10]) : 0;
  if (offset > 14 * 60 || Number(found[10] ?? 0) > 59) return null;
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute, second);
  const exists =
    year > 0 && moment.getUTCFullYear() === year && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  if (!exists || hour > 23 || minute > 59 || second > 59) return null;
  const fraction = Number(`0.${found[7] ?? "0"}`) * 1000;
  return moment.getTime() + fraction - (found[8] === "-" ? -offset : offset) * 60_000;
}

// The day of a moment in the moment's own time zone: what the issuer wrote, not what the reader's clock makes of it.
export function dayOf(text, language) {
  if (readMoment(text) === null) return String(text);
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language === "de" ? "de-DE" : "en-GB", options).format(date);
}

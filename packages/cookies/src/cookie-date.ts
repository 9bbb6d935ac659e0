/**
 * @module
 * The cookie-date algorithm: any order, any separator, and no look at the weekday or the zone.
 *
 * @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.1.1
 */

/** `delimiter` of the grammar: everything that is not a letter, a digit, a colon or a byte above 0x7E. */
const delimiter = /[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/;
const timeToken = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D|$)/;
const dayOfMonthToken = /^(\d{1,2})(?:\D|$)/;
const monthToken = /^(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;
const yearToken = /^(\d{2,4})(?:\D|$)/;
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Returns milliseconds since the epoch, or `null` where the algorithm fails. */
export function parseCookieDate(text: string): number | null {
  let time: [hour: number, minute: number, second: number] | undefined;
  let day: number | undefined;
  let month: number | undefined;
  let year: number | undefined;

  // Step 2: each token goes to the first production that it fits and that has not been found yet.
  for (const token of text.split(delimiter)) {
    if (token === '') continue;
    if (!time) {
      const match = timeToken.exec(token);
      if (match) {
        time = [Number(match[1]), Number(match[2]), Number(match[3])];
        continue;
      }
    }
    if (day === undefined) {
      const match = dayOfMonthToken.exec(token);
      if (match) {
        day = Number(match[1]);
        continue;
      }
    }
    if (month === undefined) {
      const match = monthToken.exec(token);
      if (match) {
        month = months.indexOf(match[1]!.toLowerCase());
        continue;
      }
    }
    if (year === undefined) {
      const match = yearToken.exec(token);
      if (match) year = Number(match[1]);
    }
  }

  // Step 5 (before 3 and 4, which need a year).
  if (!time || day === undefined || month === undefined || year === undefined) return null;
  // Steps 3 and 4: two-digit years.
  if (year >= 70 && year <= 99) year += 1900;
  else if (year >= 0 && year <= 69) year += 2000;
  const [hour, minute, second] = time;
  if (day < 1 || day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return null;
  // Steps 6 and 7: a date that does not exist (31 February) fails.
  const date = new Date(Date.UTC(year, month, day, hour, minute, second));
  return date.getUTCMonth() === month && date.getUTCDate() === day ? date.getTime() : null;
}

// calendar.ts: months and days of the week: written like names, and none.

export const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
/** As dates have them: "2023-Feb-16". */
export const SHORT_MONTHS = MONTHS.map((month) => month.slice(0, 3));

export const WEEKDAYS = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const OF_CALENDAR = new Set([...MONTHS, ...WEEKDAYS]);
/** Whether a word, in small letters, is a month or a day of the week. */
export const isOfCalendar = (word: string): boolean => OF_CALENDAR.has(word);

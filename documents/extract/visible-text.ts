// visible-text.ts: text from outside without what a person would not see of it: control characters, and the invisible
// ones of Unicode, by which text can carry words that only a model reads.

/** Controls but tab and line feed; lone surrogates; soft hyphen, zero-width, bidi, fillers, tags, variation supplement. */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\p{Cs}\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

/** Zero-width joiners belong into emoji and many scripts, but not beside Latin letters, and never two at a time. */
const STRAY_JOINERS =
  // oxlint-disable-next-line no-control-regex -- Latin letters begin at zero here
  /(?<=[\u200c\u200d]|[\u0000-\u024f]|^)[\u200c\u200d]|[\u200c\u200d](?=[\u200c\u200d]|[\u0000-\u024f]|$)/gu;

/** The text as a person would see it; `\r\n` and `\r` become `\n`, Unicode's own line ends a space (lines keep their numbers). */
export function visibleText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u2028\u2029]/g, ' ')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINERS, '');
}

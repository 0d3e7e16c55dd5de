// plain-text.ts: words of a model as they are shown to people: without what can't be seen, and no longer than they may be.

/** On one line: whatever stands for a space is one, control and format characters are left out, and the rest is cut. */
export function plainText(text: string, max: number): string {
  const line = text
    .slice(0, max * 4)
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  if (line.length <= max) return line;
  // Never through a pair of surrogates, of which a half can't be shown.
  return `${line.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

// text-mark.ts: a few digits that tell two texts apart. Runs in Workflows: no crypto. Nobody's safety rests on it.

/** Sixteen hexadecimal digits; a permanent form, as ids of Updates have it. */
export function textMark(text: string): string {
  let [a, b] = [0x811c9dc5, text.length];
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul((b << 5) ^ (b >>> 27) ^ unit, 0x5bd1e995);
  }
  return [a, b].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

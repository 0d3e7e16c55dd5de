// sentences.ts: where the sentences of a stretch of text end.

const ABBREVIATION =
  /(?:^|[\s(])(?:e\.?g|i\.?e|etc|vs|cf|approx|resp|incl|no|fig|dr|mr|mrs|messrs|ms|mlle|mme|st|vol|ed|al|pp|art|sec|jr|sr|prof|inc|ltd|[A-Z])$/i;

/** The ends of all sentences between two places of a text; what is after the last of them is one that goes on. */
export function sentenceEnds(text: string, start: number, end: number): number[] {
  const ends: number[] = [];
  let from = start;
  let ticks = false;
  for (let at = start; at < end; at += 1) {
    const char = text[at] as string;
    if (char === '`') ticks = !ticks;
    const isWide = char === '。' || char === '！' || char === '？';
    if (!isWide && (ticks || !(char === '.' || char === '!' || char === '?'))) continue;
    let stop = at + 1;
    while (stop < end && /[.!?)\]"'”’*_]/.test(text[stop] as string)) stop += 1;
    if (!isWide && stop < end && !endsSentence(text, from, at, stop)) continue;
    ends.push(stop);
    from = stop;
    at = stop - 1;
  }
  return ends;
}

function endsSentence(text: string, from: number, dot: number, stop: number): boolean {
  if (!/\s/.test(text[stop] ?? ' ')) return false;
  // A mark that is spoken of: the '.' command.
  if (/['"“‘(]/.test(text[dot - 1] ?? '') && stop > dot + 1) return false;
  // "No. 5" is a number; "In general, no. If …" ends there.
  if (/\bno$/i.test(text.slice(Math.max(from, dot - 8), dot)) && !/^\s*\d/.test(text.slice(stop, stop + 12)))
    return true;
  if (text[dot] === '.' && ABBREVIATION.test(text.slice(Math.max(from, dot - 8), dot))) return false;
  // A small letter goes on with the sentence, unless the line ended: "vs. other", "1.5 s. then".
  const next = text.slice(stop, stop + 12).trimStart()[0] ?? '';
  return !/\p{Ll}/u.test(next) || text[stop] === '\n';
}

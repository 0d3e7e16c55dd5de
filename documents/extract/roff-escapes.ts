// roff-escapes.ts: what the escapes in a line of roff show, and the arguments of a request. Each pattern looks a bounded
// way ahead, so that a line of nothing but backslashes takes time that grows with it.

const NAME = String.raw`(?:\[[^\]]{0,60}\]|\(..|.)`;
const ESCAPE = new RegExp(
  [
    String.raw`\\(?:["#].*`,
    `[fmMFkVYg]${NAME}`,
    `n[-+]?${NAME}`,
    String.raw`s(?:\[[^\]]{0,9}\]|'[^']{0,9}'|[-+]?(?:\(\d\d|\d{1,2}))`,
    String.raw`[hvwlLDXZbRxBSHAo]'[^']{0,200}'`,
    String.raw`(?<string>\*${NAME})`,
    String.raw`(?<glyph>\(..|\[[^\]]{1,60}\])`,
    '(?<sign>.)|$)',
  ].join('|'),
  'g',
);

/** Of one character behind the backslash; another one is itself. */
const SIGNS = new Map([
  ...'&)%:/,|^cdurpaz{}!?f'.split('').map((sign) => [sign, ''] as const),
  ...' ~0'.split('').map((sign) => [sign, ' '] as const),
  ...'eE'.split('').map((sign) => [sign, '\\'] as const),
  ['t', '\t'],
]);

const GLYPHS = new Map(
  (
    `aq ' dq " lq “ rq ” oq ‘ cq ’ Fo « Fc » fo ‹ fc › Bq „ bq ‚ bu • ci ○ sq □ em — en – hy - mi - pl + eq = co © rg ® tm ™ ` +
    'ha ^ ti ~ ga ` aa ´ rs \\ sl / ba | br | at @ sh # Do $ lB [ rB ] lC { rC } la ⟨ ra ⟩ -> → <- ← <> ↔ ua ↑ da ↓ ' +
    '>= ≥ <= ≤ != ≠ == ≡ ~~ ≈ mu × di ÷ de ° +- ± no ¬ if ∞ sc § ps ¶ dg † dd ‡ ct ¢ Po £ Ye ¥ Eu € 12 ½ 14 ¼ 34 ¾ ' +
    'ss ß AE Æ ae æ OE Œ oe œ /O Ø /o ø oA Å oa å -D Ð Sd ð TP Þ Tp þ *a α *b β *d δ *l λ *m μ *p π *W Ω OK ✓'
  )
    .split(' ')
    .flatMap((key, at, all) => (at % 2 === 0 ? [[key, all[at + 1] ?? ''] as const] : [])),
);
/** "\(:a" is an "a" with two dots. */
const ACCENTS = new Map([
  [':', '\u0308'],
  ["'", '\u0301'],
  ['`', '\u0300'],
  ['^', '\u0302'],
  ['~', '\u0303'],
  [',', '\u0327'],
]);

/** Strings that are there without being defined. */
const STRINGS = new Map([...GLYPHS, ['R', '®'], ['Tm', '™'], ['Gt', '>'], ['Lt', '<'], ['Ba', '|'], ['Am', '&']]);

/** The words of some roff. @param strings those that the text defined. */
export function plainRoff(text: string, strings: ReadonlyMap<string, string>): string {
  if (!text.includes('\\')) return text;
  return text.replace(ESCAPE, (_all, ...rest: unknown[]) => {
    const { string, glyph, sign } = rest.at(-1) as { string?: string; glyph?: string; sign?: string };
    if (glyph !== undefined) return glyphOf(bare(glyph));
    if (sign !== undefined) return SIGNS.get(sign) ?? sign;
    if (string === undefined) return '';
    const name = bare(string.slice(1));
    return strings.get(name) ?? STRINGS.get(name) ?? '';
  });
}

const bare = (name: string): string => name.replace(/^[([]|\]$/g, '');

function glyphOf(name: string): string {
  const known = GLYPHS.get(name);
  if (known !== undefined) return known;
  const points = /^u[\dA-F]{4,5}(?:_[\dA-F]{4,5}){0,3}$/.test(name) ? name.slice(1).split('_') : [];
  if (points.length > 0) return String.fromCodePoint(...points.map((point) => parseInt(point, 16))).normalize();
  const [accent = '', letter = '', ...more] = name;
  const above = more.length === 0 ? ACCENTS.get(accent) : undefined;
  return above !== undefined && /[a-z]/i.test(letter) ? `${letter}${above}`.normalize() : '';
}

/** More, on one line, is a file made to be long. */
const MOST_ARGUMENTS = 1_000;

/** The arguments of a request: words, or what stands in quotes, without the comment behind them; escapes are kept. */
export function argumentsOf(rest: string): string[] {
  const told = rest.replace(/(?<!\\)\\["#].*$/, '');
  const found: string[] = [];
  for (const [, quoted, word] of told.matchAll(/"((?:[^"]|"")*)"?|((?:\\.|[^\s\\])+)/g)) {
    if (found.push(word ?? (quoted ?? '').replaceAll('""', '"')) === MOST_ARGUMENTS) break;
  }
  return found;
}

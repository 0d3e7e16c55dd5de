// symbol-fonts.ts: what the signs of fonts like Symbol and Wingdings show. Their text is no text: a `£` of Symbol is shown as
// “≤”, and a limit without it is another limit.

/** From 0x20 to 0x7e, and from 0xa0 on; a space for what has no sign of its own. */
const SYMBOL_LOW = ' !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼';
const SYMBOL_HIGH = '€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑';

const signs = (pairs: string): Readonly<Record<number, string>> =>
  Object.fromEntries(pairs.split(' ').map((pair) => [Number.parseInt(pair.slice(0, 2), 16), pair.slice(2)]));

/** Of the others those that say something: ticks, crosses, boxes, arrows, numbers. */
const SIGNS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  wingdings: signs(
    '6c● 6e■ 6f□ 71❑ 75◆ 76❖ 81① 82② 83③ 84④ 85⑤ 86⑥ 87⑦ 88⑧ 89⑨ 8a⑩ 9f• a7▪ a8□ d8➢ df← e0→ e1↑ e2↓ e8➔ f0⇨ fb✗ fc✓ fd☒ fe☑',
  ),
  'wingdings 2': signs('4f✗ 50✓ 51☒ 52☑ 53☒ 54☒ a3□'),
  webdings: signs('61✓ 72✗'),
};

const UNKNOWN = '\ufffd';

/** Whether a font shows signs of its own for the codes of letters. */
export const isSymbolFont = (font: string): boolean => font.toLowerCase() === 'symbol' || font.toLowerCase() in SIGNS;

/** The sign that a font of symbols shows; a sign that says that one is missing, where nobody knows it. */
export function symbolSign(font: string, code: number): string {
  const name = font.toLowerCase();
  // Such fonts have them in the range for private use, and files name them by either.
  const at = code & 0xff;
  if (name !== 'symbol') return SIGNS[name]?.[at] ?? UNKNOWN;
  return (at < 0xa0 ? SYMBOL_LOW.charAt(at - 0x20) : SYMBOL_HIGH.charAt(at - 0xa0)) || UNKNOWN;
}

/** Text of a font of symbols, in which they stand in the range for private use. */
export const withSigns = (font: string, text: string): string =>
  isSymbolFont(font) ? text.replace(/[\uf020-\uf0ff]/g, (one) => symbolSign(font, one.charCodeAt(0))) : text;

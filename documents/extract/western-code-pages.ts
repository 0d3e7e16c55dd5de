// western-code-pages.ts: which of the encodings with one byte a character that western languages were written in some bytes
// are: Windows, Mac, or one of DOS. They share their byte values, so the one counts in which the words look like words.

/** Of windows-1252, at 0x80 to 0x9f: Node 20 reads that encoding as if it were ISO-8859-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** What no decoder of the platform reads: the signs from 0x80 on. */
const DOS: Readonly<Record<string, string>> = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
    'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
    'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};
const FIRST = 0x80;
/** The likeliest first: of those that fit the same, it counts. */
const CANDIDATES = ['windows-1252', 'macintosh', 'cp437', 'cp850'] as const;
/** Of more than this it learns nothing more. */
const SAMPLE_BYTES = 16_384;

/** What a decoder of Node 20 made of windows-1252, put right. */
export const withWindowsSigns = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- what the decoder left as it was
  text.replace(/[\x80-\x9f]/g, (one) => WINDOWS_1252.charAt(one.charCodeAt(0) - FIRST));

/** Undefined when it is none of DOS. */
export function decodeDos(encoding: string, bytes: Uint8Array): string | undefined {
  const signs = DOS[encoding.replace(/^.*?(?=\d+$)/, 'cp')];
  if (signs === undefined) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return text.replace(/[\x80-\xff]/g, (one) => signs.charAt(one.charCodeAt(0) - FIRST));
}

/**
 * The encoding in which least of the text is not as people write.
 * @param decode reads bytes in an encoding of one byte a character
 */
export function likeliestWestern(bytes: Uint8Array, decode: (encoding: string, bytes: Uint8Array) => string): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  let best: { encoding: string; odd: number } | undefined;
  for (const encoding of CANDIDATES) {
    const odd = oddities(decode(encoding, sample));
    if (best === undefined || odd < best.odd) best = { encoding, odd };
  }
  return best?.encoding ?? CANDIDATES[0];
}

/** What people hardly write, and what words become in an encoding that is not theirs. */
const ODDITIES = [
  // oxlint-disable-next-line no-control-regex -- what no text has
  /[\x7f-\x9fƒˆ˜¨¸]/g,
  // A sign in a word.
  /(?<=\p{L})[^\p{L}\p{M}\p{N}\p{Z}\p{Pd}\s!-~’\u00ad](?=\p{L})/gu,
  // A capital behind a small letter.
  /(?<=\p{Ll})[^\P{Lu}A-Z]/gu,
  // A letter beside a digit.
  /(?<=\d)[^\P{L}A-Za-zµªº]|[^\P{L}A-Za-zµªº](?=\d)/gu,
  // A letter of another script.
  /[^\P{L}\p{Script=Latin}µªº]/gu,
];

const oddities = (text: string): number =>
  ODDITIES.reduce((sum, pattern) => sum + (text.match(pattern)?.length ?? 0), 0);

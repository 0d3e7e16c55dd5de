// decode-text.ts: bytes to text, whatever encoding they were written in: as a byte order mark says, else as the text says
// itself, else as detected. A byte that can't be read costs one character; only what is no text at all is refused.

import { TextDecoder } from 'node:util';
import { detectEncoding, detectWide } from './detect-encoding.ts';
import { decodeDos, likeliestWestern, withWindowsSigns } from './western-code-pages.ts';

/** Text with `\n` line ends and no byte order mark, or why there is none. */
export type Decoded = { text: string } | { problem: string };

export interface DecodeOptions {
  /** Markup says its encoding itself. Default: only what begins as XML does. */
  markup?: boolean;
  /** What whoever sent the bytes calls their encoding; counts more than what the text says. */
  charset?: string | undefined;
}

/** A text may hold a few control characters, from a stray byte or a terminal; program code and pictures hold many. */
const MOST_CONTROLS = 0.05;
/** So few are stray in a text of a sentence or more. */
const STRAY = 2;
const SENTENCE = 12;
const DECLARED_WITHIN_BYTES = 4_096;
const OF_ONE_BYTE = /^(?:iso-?8859|windows-?125|latin|l1$|cp125|us-ascii|ascii)/i;
// oxlint-disable-next-line no-control-regex -- by which this encoding begins what is not ASCII
const JAPANESE_MAIL = /\x1b\$[@B][\x21-\x7e]{2}/;

export async function decodeText(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Decoded> {
  const text = await textOf(bytes, options);
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  const controls = text.match(/[\0-\x07\x0e-\x1a\x1c-\x1f\x7f\ufffd]/g)?.length ?? 0;
  const isStray = controls <= STRAY && text.length >= SENTENCE;
  if (controls > text.length * MOST_CONTROLS && !isStray) return { problem: 'binary content' };
  return { text: unixLines(text.replaceAll('\0', '\ufffd')) };
}

/** `\r\n` and lone `\r` become `\n`, so that every reader counts the same lines. */
export function unixLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

async function textOf(bytes: Uint8Array, { markup = false, charset }: DecodeOptions): Promise<string> {
  const marked = markOf(bytes) ?? (bytes.includes(0) ? await detectWide(bytes) : undefined);
  if (marked) return decodeAs(marked, bytes) ?? '';
  const utf8 = new TextDecoder().decode(bytes);
  if (JAPANESE_MAIL.test(utf8)) return decodeAs('iso-2022-jp', bytes) ?? utf8;
  const declared = charset ?? declaredIn(bytes, markup);
  // Pages that are UTF-8 and say otherwise are many; words that happen to be well-formed UTF-8 in such an encoding are not.
  const isUtf8 = !utf8.includes('\ufffd') && (declared === undefined || OF_ONE_BYTE.test(declared));
  if (isUtf8) return utf8;
  const asDeclared = declared === undefined || /^utf-?8$/i.test(declared) ? undefined : decodeAs(declared, bytes);
  if (asDeclared !== undefined) return asDeclared;
  if (isDamagedUtf8(utf8)) return utf8;
  const encoding = (await detectEncoding(bytes)) ?? likeliestWestern(bytes, (one, some) => decodeAs(one, some) ?? '');
  return decodeAs(encoding, bytes) ?? utf8;
}

function markOf(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  return a === 0xef && b === 0xbb && c === 0xbf ? 'utf-8' : undefined;
}

/** What an HTML page or an XML document says of itself, which then is written in an encoding that holds ASCII. */
function declaredIn(bytes: Uint8Array, markup: boolean): string | undefined {
  const head = Buffer.from(bytes.subarray(0, DECLARED_WITHIN_BYTES)).toString('latin1');
  const xml = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/i.exec(head)?.[1];
  const own = xml ?? (markup ? /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1] : undefined);
  return own === undefined || /^utf-?(?:16|32)/i.test(own) ? undefined : own;
}

/** Whether most of what is not ASCII is well-formed UTF-8: other encodings hardly ever look like it. */
function isDamagedUtf8(decoded: string): boolean {
  const lost = decoded.match(/\ufffd/g)?.length ?? 0;
  // oxlint-disable-next-line no-control-regex -- ASCII begins at zero
  const kept = decoded.match(/[^\0-\x7f\ufffd]/g)?.length ?? 0;
  return kept >= lost;
}

/** Bytes in a known encoding as text; undefined when nobody knows this encoding. */
export function decodeAs(encoding: string, bytes: Uint8Array): string | undefined {
  if (encoding.startsWith('utf-32')) return decodeUtf32(bytes, encoding === 'utf-32le');
  const dos = decodeDos(encoding, bytes);
  if (dos !== undefined) return dos;
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding);
  } catch {
    return undefined;
  }
  const text = decoder.decode(bytes);
  return decoder.encoding === 'windows-1252' ? withWindowsSigns(text) : text;
}

/** Which no decoder of the platform reads. */
function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    const isKnown = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    if (point !== 0xfeff) parts.push(isKnown ? String.fromCodePoint(point) : '\ufffd');
  }
  return parts.join('');
}

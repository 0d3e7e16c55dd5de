// detect-encoding.ts: in which encoding bytes are that neither say it themselves nor are UTF-8. What the detector says is
// weighed against windows-1252, since most such files are western: in a few words its guesses lie close together.

/** Bytes that the detector sees: it learns nothing more from more of them. */
const SAMPLE_BYTES = 65_536;
/** How much surer than of a western encoding the detector must be of another one with one byte a character. */
const SURER = 1.5;
const OF_MANY_BYTES = /^(?:gb|big5|euc|shift|iso-2022)/;
/** By the detector's names, also those that no TextDecoder knows. */
const WESTERN = /^(?:windows-1252|iso-?8859-15?|mac(?:roman|intosh|iceland)|cp(?:437|85[08]|86[0135])|hp-roman8)$/;

/** Names of the detector that a TextDecoder does not know. */
const NAMES: Record<string, string> = {
  cp932: 'shift_jis',
  cp949: 'euc-kr',
  cp874: 'windows-874',
  'utf-16-le': 'utf-16le',
  'utf-16-be': 'utf-16be',
  'utf-32-le': 'utf-32le',
  'utf-32-be': 'utf-32be',
};

interface Guess {
  encoding: string;
  confidence: number;
}

/** Which of UTF-16 and UTF-32 bytes are that hold zeros, by a name that decode-text.ts knows; undefined when neither. */
export async function detectWide(bytes: Uint8Array): Promise<string | undefined> {
  const [best] = await guessesFor(bytes.subarray(0, SAMPLE_BYTES));
  return best && /^utf-(?:16|32)/.test(best.encoding) ? best.encoding : undefined;
}

/** The encoding of bytes that are no UTF-8, by a name that a TextDecoder knows; undefined when it is some western one. */
export async function detectEncoding(bytes: Uint8Array): Promise<string | undefined> {
  const guesses = (await guessesFor(tellingLines(bytes))).filter(({ encoding }) => !encoding.startsWith('utf-'));
  const western = guesses.find(({ encoding }) => WESTERN.test(encoding))?.confidence ?? 0;
  const best = guesses.find(({ encoding }) => !WESTERN.test(encoding) && isKnown(encoding));
  if (!best) return undefined;
  const isSure = best.confidence > western * (OF_MANY_BYTES.test(best.encoding) ? 1 : SURER);
  return isSure ? best.encoding : undefined;
}

/** Surest first. */
async function guessesFor(sample: Uint8Array): Promise<Guess[]> {
  // Its models are large: loaded with the first file that needs them.
  const { default: detector } = await import('jschardet');
  return detector.detectAll(sample).map(({ encoding: found, confidence }) => {
    const name = (found ?? '').toLowerCase();
    return { encoding: NAMES[name] ?? name, confidence };
  });
}

function isKnown(encoding: string): boolean {
  try {
    return new TextDecoder(encoding).encoding !== '';
  } catch {
    return false;
  }
}

/** Without the lines that are plain ASCII: a table of numbers under three foreign words would say that it is English. */
function tellingLines(bytes: Uint8Array): Uint8Array {
  const lines: Uint8Array[] = [];
  for (let start = 0, size = 0; start < bytes.length && size < SAMPLE_BYTES;) {
    const end = bytes.indexOf(10, start);
    const line = bytes.subarray(start, Math.min(end === -1 ? bytes.length : end + 1, start + SAMPLE_BYTES));
    start += line.length;
    if (!line.some((byte) => byte > 127)) continue;
    lines.push(line.filter((byte) => byte !== 0));
    size += line.length;
  }
  return Buffer.concat(lines);
}

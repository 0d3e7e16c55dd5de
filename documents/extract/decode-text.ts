// decode-text.ts: bytes to text, or the reason why these bytes are none. Guesses no legacy encodings: a wrong guess would
// make quotes that stand in no source.

/** Text with `\n` line ends and no byte order mark, or why there is none. */
export type Decoded = { text: string } | { problem: string };

export function decodeText(bytes: Uint8Array): Decoded {
  const encoding = encodingOf(bytes);
  if (encoding === undefined) return { problem: 'binary content' };
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (text.includes('\0')) return { problem: 'binary content' };
    return { text: unixLines(text) };
  } catch {
    return { problem: `not valid ${encoding.toUpperCase()} text` };
  }
}

/** `\r\n` and lone `\r` become `\n`, so that every reader counts the same lines. */
export function unixLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function encodingOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes.includes(0) ? undefined : 'utf-8';
}

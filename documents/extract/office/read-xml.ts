// read-xml.ts: XML as a stream of openings, words and endings, names without their prefixes. Forgives what is broken, and
// expands no entity that a document makes up: a few lines of those could stand for gigabytes.

import { TextDecoder } from 'node:util';
import { Parser } from 'htmlparser2';
import { ArchiveError, type Archive } from './archive.ts';

/** The parser's time grows with the square of it. */
const MOST_DEEP = 5_000;

export interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  words?(text: string): void;
  close?(name: string): void;
  /** Asked between the pieces of a part; true ends the reading. */
  isEnough?(): boolean;
}

/** Reads a part of an archive; one that is not there is empty. @throws ArchiveError */
export async function readXml(archive: Archive, name: string, handlers: XmlHandlers): Promise<void> {
  let decoder: TextDecoder | undefined;
  let depth = 0;
  const parser = new Parser(
    {
      onopentag: (opened, attributes) => {
        depth += 1;
        if (depth > MOST_DEEP) throw new ArchiveError('its elements are nested deeper than any program writes them');
        handlers.open?.(localName(opened), withLocalNames(attributes));
      },
      ontext: (text) => handlers.words?.(text),
      onclosetag: (closed) => {
        depth -= 1;
        handlers.close?.(localName(closed));
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  for await (const piece of archive.read(name)) {
    decoder ??= decoderFor(piece);
    parser.write(decoder.decode(piece, { stream: true }));
    if (handlers.isEnough?.()) break;
  }
  // Also closes what is still open.
  parser.end();
}

/** Writers use whatever prefixes they like. */
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function withLocalNames(attributes: Record<string, string>): Record<string, string> {
  const local: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const own = localName(name);
    // An id of another name space, beside the element's own, is that of a relation.
    local[own === 'id' && own !== name ? 'relation' : own] = value;
  }
  return local;
}

function decoderFor(piece: Uint8Array): TextDecoder {
  if (piece[0] === 0xff || piece[1] === 0) return new TextDecoder('utf-16le');
  if (piece[0] === 0xfe || piece[0] === 0) return new TextDecoder('utf-16be');
  const head = Buffer.from(piece.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)/i.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(/^utf-?16/i.test(declared) ? 'utf-8' : declared);
  } catch {
    return new TextDecoder();
  }
}

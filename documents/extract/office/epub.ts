// epub.ts: a book to text, chapter by chapter in the order of reading, each chapter a page.

import { decodeText } from '../decode-text.ts';
import { extractHtml } from '../extract-html.ts';
import type { Extracted } from '../extracted.ts';
import { ArchiveError, partName, type Archive } from './archive.ts';
import { readXml } from './read-xml.ts';

const CONTAINER = 'META-INF/container.xml';

export async function extractEpub(archive: Archive): Promise<Extracted | { problem: string }> {
  const pages: number[] = [];
  const parts: string[] = [];
  const lost: string[] = [];
  const chapters = await chaptersOf(archive);
  const locked = await lockedParts(archive);
  let line = 1;
  for (const chapter of chapters) {
    const read = locked.has(chapter) ? { problem: 'it is locked by its seller' } : await readChapter(archive, chapter);
    if ('problem' in read) {
      lost.push(`${chapter}: ${read.problem}`);
      continue;
    }
    if (read.text.trim() === '') continue;
    const text = `${read.text.trimEnd()}\n\n`;
    pages.push(line);
    parts.push(text);
    line += text.split('\n').length - 1;
  }
  if (parts.length === 0 && lost.length > 0) return { problem: lost.slice(0, 3).join('; ') };
  return { text: parts.join(''), shape: 'markdown', pages, ...(lost.length > 0 ? { lost: lost.join('; ') } : {}) };
}

/** Names of the parts that hold text, in the order of reading. */
async function chaptersOf(archive: Archive): Promise<string[]> {
  let book: string | undefined;
  await readXml(archive, CONTAINER, {
    open: (name, attributes) => {
      if (name === 'rootfile') book ??= attributes['full-path'];
    },
  });
  book ??= archive.names().find((name) => name.endsWith('.opf'));
  if (book === undefined) throw new ArchiveError('it says not which parts it has');
  const root = book;
  const parts = new Map<string, string>();
  const order: string[] = [];
  await readXml(archive, root, {
    open: (name, { id = '', href = '', idref = '' }) => {
      if (name === 'item') parts.set(id, partName(root, decoded(href.replace(/#.*/, ''))));
      const part = name === 'itemref' ? parts.get(idref) : undefined;
      if (part !== undefined) order.push(part);
    },
  });
  return order;
}

/** Fonts are often encrypted, and matter to nobody here. */
async function lockedParts(archive: Archive): Promise<Set<string>> {
  const locked = new Set<string>();
  await readXml(archive, 'META-INF/encryption.xml', {
    open: (name, { URI }) => {
      if (name === 'CipherReference' && URI !== undefined) locked.add(decoded(URI));
    },
  });
  return locked;
}

async function readChapter(archive: Archive, name: string): Promise<{ text: string } | { problem: string }> {
  const bytes = await archive.bytes(name);
  if (!bytes) return { problem: 'it is not in the book' };
  const text = await decodeText(bytes, { markup: true });
  return 'problem' in text ? text : extractHtml(text.text);
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

// epub.ts: a book to text, chapter by chapter in the order of reading, each chapter a page.

import { decodeText } from '../decode-text.ts';
import { extractHtml } from '../extract-html.ts';
import type { Extracted } from '../extracted.ts';
import { partName, type Archive } from './archive.ts';
import { readXml } from './read-xml.ts';

const CONTAINER = 'META-INF/container.xml';
const CHAPTER = /\.x?html?$/i;

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

/** Names of the parts that hold text, in the order of reading; where the book does not say it, in that of its list, or of names. */
async function chaptersOf(archive: Archive): Promise<string[]> {
  let book: string | undefined;
  await readXml(archive, CONTAINER, {
    open: (name, attributes) => {
      if (name === 'rootfile') book ??= attributes['full-path'];
    },
  });
  // Where it names none, or one that is not there, the book has one all the same.
  if (book === undefined || !archive.has(book)) book = archive.names().find((name) => /\.opf$/i.test(name));
  const root = book ?? '';
  const parts = new Map<string, { part: string; isText: boolean }>();
  const order: string[] = [];
  await readXml(archive, root, {
    open: (name, attributes) => {
      const { id = '', href = '', idref = '', 'media-type': type = '' } = attributes;
      if (name === 'item' && href !== '') {
        const part = partName(root, decoded(href.replace(/#.*/, '')));
        parts.set(id, { part, isText: /html/i.test(type) || CHAPTER.test(part) });
      }
      if (name === 'itemref') order.push(idref);
    },
  });
  const named = [...new Set(order)].map((id) => parts.get(id)?.part ?? `chapter “${id}”`);
  if (named.some((part) => archive.has(part))) return named;
  const listed = [...parts.values()].filter(({ isText, part }) => isText && archive.has(part)).map(({ part }) => part);
  if (listed.length > 0) return listed;
  return archive
    .names()
    .filter((name) => CHAPTER.test(name))
    .sort();
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

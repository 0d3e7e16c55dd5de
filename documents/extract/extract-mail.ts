// extract-mail.ts: a mail, a web page kept as a mail, or a box of mails to text: subject, who and when, the words, and what
// is attached, read as files of its kind are. What can't be read of it is told.

import PostalMime, { type Address, type Attachment, type Email } from 'postal-mime';
import { extractHtml } from './extract-html.ts';
import { unixLines } from './decode-text.ts';
import type { Extracted } from './extracted.ts';
import { withWindowsSigns } from './western-code-pages.ts';

/** As `extractText`, for what is attached. */
type ReadFile = (name: string, bytes: Uint8Array) => Promise<Extracted | { problem: string }>;

/** Attachments of one mail that are read. */
const MOST_ATTACHED = 50;
const MOST_MAILS = 5_000;
/** How much longer the words of a page must be than those without mark-up, which then are only a hint to look at it. */
const STUB = 1.5;
const NAMES: Readonly<Record<string, string>> = {
  'message/rfc822': 'a mail.eml',
  'text/html': 'a page.html',
  'text/plain': 'a text.txt',
  'application/pdf': 'a document.pdf',
};

/** A mail, or many behind each other, each begun by a line `From …`. */
export async function extractMail(bytes: Uint8Array, readFile: ReadFile): Promise<Extracted | { problem: string }> {
  const isBox = Buffer.from(bytes.subarray(0, 5)).toString('latin1') === 'From ';
  const mails = isBox ? mailsOf(bytes) : [bytes];
  const parts: string[] = [];
  const pages: number[] = [];
  const lost: string[] = [];
  let line = 1;
  for (const mail of mails.slice(0, MOST_MAILS)) {
    const written = await writeMail(await PostalMime.parse(mail), readFile);
    lost.push(...written.lost);
    if (written.text === '') continue;
    pages.push(line);
    parts.push(written.text);
    line += written.text.split('\n').length + 1;
  }
  if (mails.length > MOST_MAILS) lost.push(`its last ${mails.length - MOST_MAILS} mails`);
  if (parts.length === 0) return { problem: lost.join('; ') || 'there is no text in it' };
  return {
    text: `${parts.join('\n\n')}\n`,
    shape: 'markdown',
    ...(pages.length > 1 ? { pages } : {}),
    ...(lost.length > 0 ? { lost: lost.slice(0, 20).join('; ') } : {}),
  };
}

function mailsOf(bytes: Uint8Array): Uint8Array[] {
  const text = Buffer.from(bytes).toString('latin1');
  const mails = text.split(/^From .*\r?\n/m).filter((mail) => mail.trim() !== '');
  return mails.map((mail) => Buffer.from(mail.replace(/^>(?=>*From )/gm, ''), 'latin1'));
}

async function writeMail(mail: Email, readFile: ReadFile): Promise<{ text: string; lost: string[] }> {
  const words = bodyOf(mail);
  const attached: string[] = [];
  const lost: string[] = [];
  for (const one of mail.attachments.slice(0, MOST_ATTACHED)) {
    if (/pkcs7-mime|pgp-encrypted/.test(one.mimeType) && words === '') lost.push('its words: they are encrypted');
    // Pictures that stand in its words, signatures, and where a mailer keeps what others can't read.
    if (one.related || /^image\/|pkcs7|pgp/.test(one.mimeType)) continue;
    const name = one.filename ?? NAMES[one.mimeType] ?? 'a file';
    const read = await readFile(name, bytesOf(one));
    if ('problem' in read) lost.push(`what is attached as ${name}: ${read.problem}`);
    else attached.push(`## ${name}\n\n${read.text.trim()}`);
    if ('lost' in read && read.lost !== undefined) lost.push(`of ${name} ${read.lost}`);
  }
  const more = mail.attachments.length - MOST_ATTACHED;
  if (more > 0) lost.push(`${more} more attached files`);
  if (words === '' && attached.length === 0 && lost.length > 0) return { text: '', lost };
  const head = [
    ...(mail.subject ? [`# ${mail.subject}\n`] : []),
    ...field('From', mail.from ? [mail.from] : []),
    ...field('To', mail.to ?? []),
    ...field('Cc', mail.cc ?? []),
    ...(mail.date ? [`Date: ${mail.date}`] : []),
  ];
  const text = [head.join('\n').trim(), words, ...attached].filter((part) => part !== '').join('\n\n');
  return { text: unixLines(withWindowsSigns(text)), lost };
}

function bodyOf({ text = '', html }: Email): string {
  const plain = text.trim();
  if (html === undefined) return plain;
  const page = extractHtml(html).text.trim();
  return page.length > plain.length * STUB ? page : plain;
}

const field = (name: string, who: readonly Address[]): string[] =>
  who.length === 0 ? [] : [`${name}: ${who.flatMap(personsOf).join(', ')}`];

const personsOf = (one: Address): string[] =>
  one.group ? one.group.flatMap(personsOf) : [[one.name, one.address && `<${one.address}>`].filter(Boolean).join(' ')];

function bytesOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content);
  return content instanceof Uint8Array ? content : new Uint8Array(content);
}

// upload-types.ts: which files can be sent: those that a worker finds text in. Pure.

import { extname } from 'node:path';

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  'text/plain': ['.txt', '.text', '.log'],
  'text/markdown': ['.md', '.markdown', '.rst'],
  'text/html': ['.html', '.htm', '.xhtml'],
  'text/csv': ['.csv'],
  'text/tab-separated-values': ['.tsv'],
  'text/xml': ['.xml'],
  'application/json': ['.json'],
  'application/xml': ['.xml'],
  'application/yaml': ['.yaml', '.yml'],
  'application/pdf': ['.pdf'],
  'application/epub+zip': ['.epub'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['.docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['.xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['.pptx'],
};
const KNOWN = new Set(Object.values(EXTENSIONS).flat());
/** Says nothing of what is in it: the name counts. */
const UNTOLD = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

export const UPLOAD_TYPES = Object.keys(EXTENSIONS);

/**
 * The name that a file is kept under: its own where that tells what is in it, else with the ending of its type.
 * Undefined when neither tells of anything that can be read.
 */
export function uploadName(name: string, type: string): string | undefined {
  if (KNOWN.has(extname(name).toLowerCase())) return isTold(type) ? name : undefined;
  const [ending] = EXTENSIONS[type] ?? [];
  return ending === undefined ? undefined : `${name}${ending}`;
}

const isTold = (type: string): boolean => UNTOLD.has(type) || type.startsWith('text/') || type in EXTENSIONS;

/** `text/plain` of `Text/Plain; charset=utf-8`. */
export const mediaType = (header: string): string => header.split(';')[0]?.trim().toLowerCase() ?? '';

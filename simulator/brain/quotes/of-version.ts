// of-version.ts: a question about one version is answered from what stands under that version: what was so in another one answers
// it wrongly, in the same words.

import type { Passage } from '../request/passages.ts';

/** "8.16.0", "v2.35": no part of a name or of a longer number. */
const VERSION = /(?<![\w.-])v?(\d{1,5}(?:\.\d{1,5}){1,2})(?![\w-]|\.\d)/gi;
/** "Updates since Git 2.34" stands in the notes of another one. */
const FROM = /\b(?:since|from|after|before)(?: [\w-]{1,20})? v?\d[\d.]*/gi;
/** Asks for others than the one that it names. */
const RELATES =
  /\b(?:after|before|since|until|from|between|than|later|earlier|newer|older|next|previous|preceding|following|up to|upgrad\w*|migrat\w*|compar\w*|differ\w*)\b/i;

/** The passages without those of other versions, where some of the same document, or series of documents, are of the one that is asked about. */
export function ofVersion(question: string, passages: readonly Passage[]): Passage[] {
  const asked = RELATES.test(question) ? new Set<string>() : versionsIn(question);
  const isAsked = (version: string): boolean => asked.has(version);
  const told = passages.map(({ source, heading }) => ({
    series: seriesOf(source),
    versions: versionsIn(`${nameOf(source)} ${heading.replace(FROM, '')}`),
  }));
  const known = new Set(told.filter(({ versions }) => [...versions].some(isAsked)).map(({ series }) => series));
  return passages.filter(({ text }, at) => {
    const { series = '', versions = [] } = told[at] ?? {};
    const all = [...versions];
    return !known.has(series) || all.length === 0 || all.some(isAsked) || [...versionsIn(text)].some(isAsked);
  });
}

/** In their shortest form: "2.35.0" is "2.35". */
const versionsIn = (text: string): Set<string> =>
  new Set(Array.from(text.matchAll(VERSION), ([, version = '']) => version.replace(/(?:\.0)+$/, '')));

const nameOf = (source: string): string => source.replace(/^.*[\\/]/, '').replace(/\.[a-z]{1,6}$/i, '');
/** "notes/2.34.0.txt" and "notes/2.35.0.txt" are of one. */
const seriesOf = (source: string): string => source.replace(/\d{1,5}(?:\.\d{1,5}){1,2}/g, '#');

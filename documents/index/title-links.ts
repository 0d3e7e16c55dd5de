// title-links.ts: which documents a passage speaks of. A passage that names another document's title, file or package
// is a link to it, and the answer to a question with two halves often lies behind one.

/** What a title link is made of: a document's name and its first heading. */
export interface Titled {
  name: string;
  /** First heading of the document; empty when it has none. */
  heading: string;
}

const GENERIC =
  /^(?:readme|index|main|docs?|changelog|changes|history|license|licence|contributing|security|api|guide|usage)$/;
const WORD = /[\p{L}\p{N}_$][\p{L}\p{M}\p{N}_$]*(?:[.\-/'’][\p{L}\p{N}_$][\p{L}\p{M}\p{N}_$]*)*/gu;
const MAX_WORDS = 8;
/** A title that so many documents share says nothing. */
const MAX_SHARED = 8;

export interface Mention {
  title: string;
  documents: readonly number[];
}

export class TitleLinks {
  readonly #byTitle = new Map<string, number[]>();
  /** The words of titles by their first, those of more words before the others. */
  readonly #byFirst = new Map<string, string[][]>();
  readonly #documents: readonly Titled[];

  constructor(documents: readonly Titled[]) {
    this.#documents = documents;
    documents.forEach((document, number) => {
      for (const title of titlesOf(document)) {
        const same = this.#byTitle.get(title);
        if (same) same.push(number);
        else this.#byTitle.set(title, [number]);
      }
    });
    for (const [title, same] of this.#byTitle) {
      if (same.length > MAX_SHARED) this.#byTitle.delete(title);
      else this.#addWords(title.split(' '));
    }
    for (const titles of this.#byFirst.values()) titles.sort((a, b) => b.length - a.length);
  }

  #addWords(title: string[]): void {
    const same = this.#byFirst.get(title[0] ?? '');
    if (same) same.push(title);
    else this.#byFirst.set(title[0] ?? '', [title]);
  }

  /** The titles that a document goes by. */
  titlesOf(document: number): string[] {
    const titled = this.#documents[document];
    return titled ? [...titlesOf(titled)].filter((title) => this.#byTitle.has(title)) : [];
  }

  /** The titles that a text names, longer ones first where they overlap, each once, in the order of the text. */
  mentionsIn(text: string): Mention[] {
    const words = wordsOf(text);
    const found = new Map<string, Mention>();
    for (let at = 0; at < words.length; at += 1) {
      const title = this.#byFirst.get(words[at] ?? '')?.find((one) => one.every((word, i) => word === words[at + i]));
      if (!title) continue;
      const name = title.join(' ');
      found.set(name, { title: name, documents: this.#byTitle.get(name) ?? [] });
      at += title.length - 1;
    }
    return [...found.values()];
  }
}

function titlesOf({ name, heading }: Titled): Set<string> {
  const folders = name.toLowerCase().split('/');
  const file = (folders.pop() ?? '').replace(/\.[a-z0-9]{1,8}$/, '');
  const titles = new Set<string>();
  if (!GENERIC.test(file)) titles.add(normal(file));
  if (/^(?:readme|index)$/.test(file)) {
    const folder = folders.at(-1) ?? '';
    const scope = folders.at(-2) ?? '';
    if (scope.startsWith('@')) titles.add(normal(`${scope.slice(1)}/${folder}`));
    if (!GENERIC.test(folder)) titles.add(normal(folder));
  }
  const words = wordsOf(heading);
  if (words.length <= MAX_WORDS && !GENERIC.test(words.join(' '))) titles.add(words.join(' '));
  for (const title of Array.from(titles)) {
    if (title.length < 3) titles.delete(title);
    else if (/[-_]/.test(title)) titles.add(title.replace(/[-_]+/g, ' '));
  }
  return titles;
}

const normal = (title: string): string => wordsOf(title.replace(/_/g, ' ')).join(' ');

const wordsOf = (text: string): string[] => Array.from(text.matchAll(WORD), ([word]) => word.toLowerCase());

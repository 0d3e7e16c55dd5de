// loaded-corpus.ts: a corpus in memory, ready to be asked. Lives in the corpus thread.

import type { Citation } from '../../protocol/findings.ts';
import type { Manifest } from '../index/corpus-format.ts';
import type { Pack, PackedDocument, PassageRow } from '../index/pack.ts';
import { visibleText } from '../extract/visible-text.ts';
import { nearNames } from './near-names.ts';
import { PassageIndex } from '../index/passage-index.ts';
import { findQuote, matchText, type MatchText } from './quote-match.ts';
import { RANKING } from './ranking-settings.ts';
import type { RankedCorpus } from './links.ts';
import { rank } from './ranking.ts';
import type { Passage, ReadText } from './passage.ts';
import { TitleLinks, type Mention } from '../index/title-links.ts';
import type { Vectors } from './vectors.ts';

const MAX_READ_LINES = 400;
const MAX_READ_CHARS = 20_000;
const MAX_RESULTS = 50;
const KEPT_MATCH_TEXTS = 4;
/** Characters of texts that are kept unpacked. */
const KEPT_CHARS = 8_000_000;
const KEPT_MENTIONS = 20_000;

export class LoadedCorpus implements RankedCorpus {
  readonly index: PassageIndex;
  readonly links: TitleLinks;
  /** By name: those of one maker each. */
  readonly vectors = new Map<string, Vectors>();
  /** By their names in the store. */
  readonly packs: ReadonlyMap<string, Pack>;
  readonly documents: readonly PackedDocument[];
  /** Of each document: its pack, its number there, and that of its first passage. */
  readonly #places: { pack: Pack; document: number; first: number }[] = [];
  readonly #byName: Map<string, number>;
  /** As a model sees the names. */
  readonly #byVisibleName: Map<string, number>;
  readonly #documentOf: Int32Array;
  readonly #firstPassage: number[] = [];
  readonly #texts = new Map<number, string>();
  #chars = 0;
  readonly #mentions = new Map<number, readonly Mention[]>();
  readonly #matchTexts = new Map<number, MatchText>();

  /** @throws Error when one of its packs is missing. */
  constructor({ packs: names, documents }: Manifest, packs: ReadonlyMap<string, Pack>) {
    this.packs = packs;
    const ordered = names.map((name) => {
      const pack = packs.get(name);
      if (!pack) throw new Error(`the pack ${name} is missing`);
      return { pack, numbers: new Int32Array(pack.firstPassages.at(-1) ?? 0).fill(-1) };
    });
    let size = 0;
    this.documents = documents.map(([at, document]) => {
      const found = ordered[at];
      const entry = found?.pack.documents[document];
      if (!found || !entry) throw new Error(`document ${document} is not in pack ${at}`);
      const first = found.pack.firstPassages[document] ?? 0;
      this.#places.push({ pack: found.pack, document, first });
      this.#firstPassage.push(size);
      for (let i = 0; i < entry.passages; i += 1) found.numbers[first + i] = size++;
      return entry;
    });
    this.#documentOf = new Int32Array(size);
    this.documents.forEach(({ passages }, i) => {
      const from = this.#firstPassage[i] ?? 0;
      this.#documentOf.fill(i, from, from + passages);
    });
    this.#byName = new Map(this.documents.map(({ name }, i) => [name.normalize('NFC'), i]));
    this.#byVisibleName = new Map(this.documents.map(({ name }, i) => [visibleText(name).normalize('NFC'), i]));
    this.links = new TitleLinks(
      this.documents.map(({ name, passages }, i) => ({
        name,
        heading: passages > 0 ? (this.#rowOf(this.#firstPassage[i] ?? 0)[4].split(' > ')[0] ?? '') : '',
      })),
    );
    this.index = new PassageIndex(
      ordered.map(({ pack, numbers }) => ({ terms: pack.terms, numbers })),
      size,
    );
  }

  get size(): number {
    return this.#documentOf.length;
  }

  documentOf(passage: number): number {
    return this.#documentOf[passage] ?? 0;
  }

  passagesOf(document: number): [from: number, to: number] {
    return [this.#firstPassage[document] ?? 0, this.#firstPassage[document + 1] ?? this.size];
  }

  sourceOf(passage: number): string {
    return this.documents[this.documentOf(passage)]?.name ?? '';
  }

  textOf(passage: number): string {
    if (passage < 0 || passage >= this.size) return '';
    const [start, end] = this.#rowOf(passage);
    return this.#text(this.documentOf(passage)).slice(start, end);
  }

  #rowOf(passage: number): PassageRow {
    const document = this.documentOf(passage);
    const place = this.#places[document];
    if (!place) throw new RangeError(`there is no passage ${passage}`);
    return place.pack.rowOf(place.first + passage - (this.#firstPassage[document] ?? 0));
  }

  #text(document: number): string {
    const known = this.#texts.get(document);
    if (known !== undefined) return known;
    const place = this.#places[document];
    const text = place ? place.pack.textOf(place.document) : '';
    for (const [oldest, one] of this.#texts) {
      if (this.#chars + text.length <= KEPT_CHARS) break;
      this.#texts.delete(oldest);
      this.#chars -= one.length;
    }
    this.#texts.set(document, text);
    this.#chars += text.length;
    return text;
  }

  mentionsOf(passage: number): readonly Mention[] {
    const known = this.#mentions.get(passage) ?? this.links.mentionsIn(this.textOf(passage));
    if (this.#mentions.size >= KEPT_MENTIONS) this.#mentions.clear();
    this.#mentions.set(passage, known);
    return known;
  }

  /** What of a passage is embedded: not its source, so that a file that was only renamed costs nothing. */
  embeddedTextOf(passage: number): string {
    const heading = this.#rowOf(passage)[4];
    return heading === '' ? this.textOf(passage) : `${heading}\n${this.textOf(passage)}`;
  }

  search(
    query: string,
    { limit = 6, exclude = [] }: { limit?: number; exclude?: string[] },
    near?: { vectors: Vectors; query: Float32Array },
  ): Passage[] {
    const out = new Set(exclude);
    const leaveOut = (passage: number): boolean =>
      out.size > 0 && (out.has(`p${passage + 1}`) || out.has(this.sourceOf(passage)));
    const nearest = near?.vectors.nearest(near.query, RANKING.nearest, leaveOut);
    const ranked = rank(this, query, { limit: Math.min(Math.max(1, limit), MAX_RESULTS), leaveOut, nearest });
    return ranked.flatMap(({ passage, score }) => {
      if (passage >= this.size) return [];
      const row = this.#rowOf(passage);
      const page = this.#pageAt(this.documentOf(passage), row[2]);
      return {
        id: `p${passage + 1}`,
        source: this.sourceOf(passage),
        line: row[2],
        endLine: row[3],
        ...(page === undefined ? {} : { page }),
        heading: row[4],
        text: this.textOf(passage),
        score,
      };
    });
  }

  read(source: string, { line = 1, lines = 60 }: { line?: number; lines?: number }): ReadText | undefined {
    const document = this.#find(source);
    if (document === undefined) return undefined;
    const all = this.#text(document).replace(/\n$/, '').split('\n');
    const from = Math.min(Math.max(1, Math.floor(line)), all.length);
    const count = Math.min(Math.max(1, Math.floor(lines)), MAX_READ_LINES);
    const taken: string[] = [];
    let room = MAX_READ_CHARS;
    for (const text of all.slice(from - 1, from - 1 + count)) {
      if (room <= 0) break;
      taken.push(text.slice(0, room));
      room -= text.length + 1;
    }
    return {
      source: this.documents[document]?.name ?? source,
      line: from,
      endLine: from + taken.length - 1,
      totalLines: all.length,
      text: taken.join('\n'),
    };
  }

  locateQuote(source: string, quote: string): Citation | undefined {
    const document = this.#find(source);
    const entry = document === undefined ? undefined : this.documents[document];
    if (document === undefined || !entry) return undefined;
    const text = this.#matchText(document);
    const found = findQuote(text, quote);
    if (!found) return undefined;
    const line = text.original.slice(0, found.start).split('\n').length;
    const page = this.#pageAt(document, line);
    return {
      source: entry.name,
      sha256: entry.sha256,
      // As people see it: words that only a program sees are in no citation.
      quote: visibleText(text.original.slice(found.start, found.end)),
      place: page === undefined ? { line } : { page, line },
    };
  }

  nearNames(source: string): string[] {
    return nearNames(
      source,
      this.documents.map(({ name }) => name),
    );
  }

  /** A document's whole text. */
  textNamed(source: string): string | undefined {
    const document = this.#find(source);
    return document === undefined ? undefined : this.#text(document);
  }

  #find(source: string): number | undefined {
    const name = source.normalize('NFC');
    return this.#byName.get(name) ?? this.#byVisibleName.get(name);
  }

  #matchText(document: number): MatchText {
    const known = this.#matchTexts.get(document);
    const text = known ?? matchText(this.#text(document));
    this.#matchTexts.delete(document);
    this.#matchTexts.set(document, text);
    const [oldest] = this.#matchTexts.keys();
    if (this.#matchTexts.size > KEPT_MATCH_TEXTS && oldest !== undefined) this.#matchTexts.delete(oldest);
    return text;
  }

  #pageAt(document: number, line: number): number | undefined {
    const pages = this.documents[document]?.pages;
    if (!pages) return undefined;
    const after = pages.findIndex((start) => start > line);
    return after === -1 ? pages.length : Math.max(1, after);
  }
}

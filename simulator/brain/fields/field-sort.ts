// field-sort.ts: of what sort the text is that a field asks for, by its name, its description or its format, and where such a thing
// stands in a statement. Of a field of such a sort a whole sentence is no value.

import { SHORT_MONTHS, WEEKDAYS } from '../words/calendar.ts';
import { wordsIn, wordsOfName, type Field } from './field-name.ts';
import { DAYS } from './figures.ts';

export interface Sort {
  /** What is cut out: its first group, or all of it. */
  finds: RegExp;
  /** Words by which a field is known to ask for it; they need not be said. */
  is: RegExp;
  /** What a statement must say where the field's name says no more than the sort. Default: the word that names the sort. */
  says?: RegExp;
  /** Is `finds` of the sort of a name of somebody. */
  isPerson?: true;
  /** It looks like any other word: behind a label any short value is one. */
  isNamed?: true;
  /** It stands near the rest of the field's name. */
  isNear?: true;
  /** The rest of the field's name must be said beside it. */
  isApart?: true;
  /** What else must hold of what is cut out. */
  fits?: RegExp;
}

const UNIT = '(?:milli)?seconds?|minutes?|hours?|(?:business |working )?days?|nights?|weeks?|months?|years?';
const COUNT =
  '\\d+(?:[.,]\\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty|ninety';
const LICENCE =
  '(?:GNU )?(?:Lesser |Affero )?General Public License(?: (?:version|v)\\.? ?\\d(?:\\.\\d)?)?|(?:[AL]?GPL|MPL|EPL|EUPL|AFL|OFL|CC0|CC-BY)(?:[- ]?v?\\d(?:\\.\\d)?)?(?:[- ]or[- ]later)?|(?:Apache|Mozilla Public|Artistic|Boost Software)(?: License)?(?:,? (?:[Vv]ersion )?\\d(?:\\.\\d)?)?|MIT|ISC|(?:[023][- ][Cc]lause )?BSD(?:-\\d-Clause)?|Unlicense|UNLICENSE|WTFPL|[Zz]lib [Ll]icense|[Pp]ublic [Dd]omain';

const MONTH = `(?:${SHORT_MONTHS.map((one) => one.charAt(0).toUpperCase() + one.slice(1)).join('|')})`;

const DAY = DAYS.map(({ source }) => source.replace(/\?<\w+>/g, '?:'));
const WEEKDAY = `\\b(?:${WEEKDAYS.join('|')})s?\\b`;
const TIME = String.raw`(?<![\p{L}\p{N}.:-])(?:\d{1,2}(?::\d{2})? ?(?:am|pm|a\.m\.|p\.m\.)|\d{1,2}:\d{2}|noon|midnight)(?![\p{L}\p{N}])`;

/** No path of an example. */
const REAL = /^(?!.*\/path\/to\/)/;

/** What looks like nothing else. */
const PLAIN = /^/;

const SORTS: readonly Sort[] = [
  { is: /^(?:e?mails?|mail)$/, says: PLAIN, finds: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/g },
  {
    is: /^(?:urls?|uri|links?|website|homepage)$/,
    says: PLAIN,
    finds: /https?:\/\/[^\s<>()\]"'`|]*[^\s<>()\]"'`|.,;:]/g,
  },
  {
    is: /^licen[sc](?:es?|ing|ed)$/,
    finds: new RegExp(`(?<![\\p{L}\\p{N}-])(?:${LICENCE})(?![\\p{L}\\p{N}])`, 'gu'),
    says: /licen[sc]|public domain|\bterms\b/i,
  },
  {
    is: /^(?:author|writer|wrote|written|maintainer|developer|creator|inventor|founder|editor|steward|owner|president|secretary|treasurer|manager|leader|lead|chair|person|who)s?$/,
    finds: /(?!)/g,
    isPerson: true,
    isNamed: true,
  },
  {
    is: /^(?:company|companies|organi[sz]ation|employer|vendor)$/,
    says: PLAIN,
    finds:
      /(?<![\p{L}\p{N}])(?:\p{Lu}[\p{L}&.-]{0,40},? ){1,4}(?:Inc\b\.?|LLC|Ltd|GmbH|AG|Corporation|Corp|Foundation|University|Company)(?!\p{L})/gu,
  },
  {
    is: /^(?:interval|frequency|cadence)$/,
    says: PLAIN,
    finds: new RegExp(
      `\\b(?:every|each) (?:(?:${COUNT}|second|other|few) )?(?:${UNIT})\\b|\\b(?:once|twice|(?:${COUNT}) times) (?:an?|per|each|every) (?:${UNIT})\\b|\\b(?:hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually)\\b`,
      'gi',
    ),
  },
  {
    is: /^(?:duration|period|timeout|delay|lifetime|ttl|age|expiry|expires|deadline)$/,
    finds: new RegExp(`(?<![\\p{L}\\p{N}.-])(?:${COUNT})[ -]?(?:${UNIT}|ms|s|min|h)(?![\\p{L}\\p{N}])`, 'giu'),
  },
  {
    is: /^(?:slowdown|speedup|slower|faster)$/,
    says: PLAIN,
    finds:
      /(?<![\p{L}\p{N}.-])\d+(?:\.\d+)?(?:\s?(?:-|–|to)\s?\d+(?:\.\d+)?)?\s?(?:x|×|%|times|percent)\s(?:slower|faster)/gu,
  },
  {
    is: /^(?:date|since|eol|released|birthday)$/,
    isNamed: true,
    finds: new RegExp(DAY.join('|'), 'gi'),
  },
  {
    is: /^(?:week)?day$/,
    isNamed: true,
    says: new RegExp(`\\bday\\b|${WEEKDAY}`, 'i'),
    finds: new RegExp([...DAY, WEEKDAY].join('|'), 'gi'),
  },
  { is: /^time$/, says: PLAIN, finds: new RegExp(TIME, 'giu') },
  {
    // `leaves_at`, `createdAt`; where a thing is, is no time
    is: /^(?!located|based|found|placed|available|aimed)\p{L}+ at$/u,
    says: PLAIN,
    finds: new RegExp([...DAY, TIME].join('|'), 'giu'),
  },
  {
    is: /^(?:versions?|(?:fixed|patched|added|introduced|changed|deprecated|removed|released|available) in)$/,
    isNear: true,
    says: /\bversion|\d\.\d/i,
    finds: new RegExp(
      String.raw`(?<![\p{L}\p{N}./-])(?:[vV]?\d+(?:\.\d+)+(?:-[\w.]+)?|(?<=\b[Vv]ersion )\d+|(?<=\b(?!${MONTH})[A-Z][\w.]{0,30} )\d{1,3}(?![.\d])|[vV]\d+)(?![\p{L}\p{N}])`,
      'gu',
    ),
  },
  {
    is: /^(?:options?|flags?|switch)$/,
    says: PLAIN,
    finds: /(?<![\p{L}\p{N}@/_-])--?[a-zA-Z](?:[\w-]*\w)?(?![\w*-])/gu,
  },
  {
    is: /^(?:command|cmd)$/,
    says: /\b(?:run|use|execute|type|call|command|install|invoke)\b/i,
    fits: /^[./a-z][\w.-]*\s+\S/,
    finds:
      /`([^`\n]{1,120})`|^[ \t]*(?:\$ )?((?:npm|npx|pip|git|apt|yarn|go|cargo|make|docker|brew|sudo) [^\n.]{2,80})$/gm,
  },
  {
    is: /^(?:paths?|director(?:y|ies)|folder|location)$/,
    says: PLAIN,
    finds:
      /(?<![\p{L}\p{N}/:.<$])(?:~|\.{1,2}|%\w+%|\$\w+)?[\\/][\w.@%~+-]+(?:[\\/][\w.@%~+-]+)*[\\/]?(?<!\.)|`([^`\s]*[./][^`\s]*)`/gu,
    fits: REAL,
  },
  {
    is: /^files?$/,
    finds:
      /(?<![\p{L}\p{N}:.<$])(?:[~$%]?[\w.@%~+-]{0,80}[\\/]){0,12}[\w@%~+-][\w.@%~+-]{0,80}\.[a-z]\w{0,7}(?![\p{L}\p{N}(])/gu,
    fits: REAL,
  },
  {
    is: /^(?:label|tag|variable|env|setting|function|method|parameter|header|branch|hook|event|module|package|class|key|property|library)$/,
    finds: /`([^`\n]{1,80})`/g,
    isNamed: true,
  },
  {
    is: /^address$/,
    says: PLAIN,
    finds:
      /(?<![\p{L}\p{N}])\d{1,5} (?:\p{Lu}[\p{L}.]{0,30} ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Drive|Square|Boulevard|Blvd)(?!\p{L})/gu,
  },
  {
    is: /^default$/,
    isNamed: true,
    says: PLAIN,
    isApart: true,
    finds: /\bdefaults?(?: value)?(?: is|s? to|:)\s+`?((?:[^`,;()[\]{}<>|*\n.]|\.(?=\S)){1,60})/gi,
  },
  {
    is: /^(?:name|title|codename|called)$/,
    says: /(?!)/,
    isNamed: true,
    finds: /\b(?:called|named|known as)\s+["“`]?([\p{L}\p{N}_.-]+(?<!\.))/giu,
  },
];

const FORMATS: Readonly<Record<string, string>> = { email: 'email', uri: 'url', url: 'url', time: 'time' };

/** A sort, and the word of the field that names it. */
export interface Asked {
  sort: Sort;
  word: string;
}

/** The last word of a name says what it is the name of: `cachePath`; the description, where the name does not. */
export function sortOf({ name, description }: Field, format: string | undefined): Asked | undefined {
  const called = wordsOfName(name);
  const words = [
    FORMATS[format ?? ''] ?? '',
    // `fixedIn`
    called.slice(-2).join(' '),
    ...called.toReversed(),
    ...wordsIn(description).slice(0, 4),
  ];
  for (const word of words) {
    const sort = SORTS.find(({ is }) => is.test(word));
    if (sort !== undefined) return { sort, word };
  }
  return undefined;
}

/** A piece of a text, and where it stands. */
export interface Cut {
  value: string;
  at: number;
  end: number;
}

/** All things of a sort in a text. */
export const cutFrom = (text: string, { finds, fits }: Sort): Cut[] =>
  [...text.matchAll(finds)]
    .map((match) => ({
      value: (match.slice(1).find((one) => one !== undefined) ?? match[0]).replace(/\s+/g, ' ').trim(),
      at: match.index,
      end: match.index + match[0].length,
    }))
    .filter(({ value }) => value !== '' && (fits?.test(value) ?? true));

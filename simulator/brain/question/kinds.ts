// kinds.ts: what sort of answer a question wants, and whether a text holds something of that sort.

import { isEntry } from '../text/headings.ts';

export type Kind =
  | 'who'
  | 'contact'
  | 'when'
  | 'date'
  | 'where'
  | 'how-often'
  | 'how-many'
  | 'price'
  | 'default'
  | 'how-long'
  | 'why'
  | 'how-to'
  | 'option'
  | 'licence'
  | 'yes-no'
  | 'difference'
  | 'platform'
  | 'list'
  | 'definition'
  | 'change'
  | 'version'
  | 'other';

/** Of a size. */
export const EXTREME = 'biggest|largest|smallest|longest|shortest|highest|lowest';

const ASKS: readonly [Kind, RegExp][] = [
  // "Can I see who has read it?" Not "Can you tell me who …".
  [
    'yes-no',
    /^\s*(?:can|could|may|do|does|will|is) (?!(?:you|any(?:one|body)|some(?:one|body)|there)\b)[^,;?]{1,60}? (?:who|whose)\b[^,;?]*\??\s*$/i,
  ],
  [
    'how-often',
    /\bhow (?:often|frequently)\b|\b(?:what|which) (?:is|are) the (?:\p{L}+ ){0,3}(?:frequency|interval|period)\b/iu,
  ],
  ['how-long', /\bhow (?:long|soon)\b/i],
  [
    'price',
    /\bhow (?:much|expensive)\b.*\b(?:costs?|pay|charged?|fees?|price[ds]?|expensive)\b|\b(?:what|which) (?:(?:is|are|was) the )?(?:\p{L}+ ){0,2}(?:price|fee|costs?)\b|\b(?:above|over|below|up to) (?:what|which) (?:amount|sum)\b/iu,
  ],
  // "What is the longest pier?" asks for its name, and May is a month.
  [
    'how-many',
    new RegExp(
      `\\b[Ww]hat(?: is|['’]s| are| was) the (?:${EXTREME})\\b[^?]*\\b(?:can|may|could|allowed|possible|permitted|accepts?|supports?)\\b`,
    ),
  ],
  ['how-many', /\bhow (?:many|much|large|big|small|far|old|high|fast|deep|wide|tall)\b/i],
  // "Which port does it use?", "What UID range is for users?"
  [
    'how-many',
    /\b(?:what|which) (?:(?!(?:is|are|was|were|does|do|did|has|have|can|should|must|will)\b)[\p{L}-]+ )?(?:port|range|number|temperature|percentage|amount|weight|speed|size)\b/iu,
  ],
  [
    'platform',
    /\b(?:what|which) (?:operating systems?|OS(?:es|s)?|platforms(?=[^?]*\b(?:support|run|work|install|available|build)))\b/i,
  ],
  ['difference', /\bdiffer(?:s|ence|ences|ent)?\b|\bversus\b|\bvs\.?\s|\bopposite\b/i],
  ['why', /\bwhy\b|\bwhat (?:is|was) the reason\b|\bfor what reason\b/i],
  // Of a work: a licence to fish is none of these.
  [
    'licence',
    /\b(?:which|what) licen[sc]es?\b(?![^?]{1,60}\b(?:needs?|needed|requires?|required|get|buy|obtain)\b)|\b(?:which|what) (?:is|are) the licen[sc]es? (?:of|for)\b|\b(?:how|what|which) (?:\w+ ){0,3}?(?:is|are|was|were) [^,;]{1,60}\blicen[sc]ed\b/i,
  ],
  ['option', /\b(?:which|what) (?:command[- ]line )?(?:option|flag|switch)\b/i],
  [
    'how-to',
    /\bhow (?:do|can|could|should|would|must) (?:i|you|we|one|somebody|people)\b|\bhow to\b|\bwhat (?:do|must|should|can) (?:i|you|we) (?:do|run|set|type|call|use|write|pass)\b|\bwhich (?:command|flag|option|setting|method|function|call)\b|\bwhat (?:command|flag)\b/i,
  ],
  [
    'contact',
    /\bwho(?:m)?\b.*\b(?:contact|report|reach|notify|inform|tell|turn to|write to|(?:talk|speak|complain) (?:to|with)|e-?mail)\b/i,
  ],
  ['who', /\b(?:who|whom|whose)\b|\bwhich (?:person|man|woman|author|team|company|people|member)\b|\bby whom\b/i],
  ['date', /\bwhen (?:was|were|did)\b|\b(?:what|which) (?:year|date|day|month|century)\b/i],
  ['when', /\bwhen (?:is|does|do|will|has)\b|\b(?:what|which) time\b|\bsince when\b/i],
  ['where', /\bwhere\b/i],
  [
    'version',
    /\b(?:what|which) (?:\p{L}+ ){0,3}(?:versions?|releases?)\b(?! (?:control|notes?|channels?|branch(?:es)?|manager|history|cycle|process|systems?)\b)/iu,
  ],
  ['default', /\b(?:what|which) (?:is|are|was) the (?:\p{L}+ ){0,2}default\b/iu],
  [
    'how-many',
    /\b(?:what|which) (?:is|are|was) the (?:\p{L}+ ){0,3}(?:maximum|minimum|limit|number|size|port|rate|percentage|timeout|delay|count|code|value|age|population|length|height)\b/iu,
  ],
  [
    'list',
    /\b(?:which|what)\s+(?:are\s+)?(?:the\s+)?(?:[\p{L}-]+\s+){0,3}?(?:options|settings|variables|kinds|types|methods|commands|flags|codes|formats|levels|events|values|parameters|rules|reasons|steps|members|names)\b|\bwhat (?:did|does|do|are|were|was|is|must|should|can|may|will|would) .{1,60}\b(?:removed?|added?|changed?|dropped?|drop|include[ds]?|contains?|consists? of|composed of|(?:dis)?allow(?:ed)?|permit(?:ted)?|forbid(?:den)?|support(?:ed)?|require[ds]?)\b|\b(?:what|which) (?:are|were) (?:the |all )?(?:[\p{L}-]+ ){0,3}?[\p{L}-]{3,}(?<!s)s (?:of|in|for|to|on|about|that|when|from)\b|\b(?:which|what)\s+(?:[\p{L}-]+\s+){0,2}?[\p{L}-]{3,}(?<![siu])s\s+(?:are|were|do|does|did|can|may|must|should|will|have|has|had|exist)\b|\bwhat (?:is|are|was|were) (?:not )?\p{L}+(?:ed|en|wn) (?:in|by|for|to|from|under|with)\b|\bin (?:what|which) (?:order|sequence)\b|^\s*(?:list|name all|enumerate)\b/iu,
  ],
  ['difference', /\bcompare\b|\bcompared (?:to|with|against)\b/i],
  ['change', /\b(?:what|which)\b.*\b(?:chang(?:e|es|ed)|new|added|removed|fixed|breaking)\b/i],
  // "What is it served with", "What was it named after": of what it is in itself nothing is asked.
  ['other', /^\s*what (?:is|are|was|were) [^,;]{1,80} (?:for|with|of|by|from|into|after|in|on|at|to|as)\s*\??$/i],
  [
    'definition',
    /^\s*what (?:(?:is|are) [^,;]{1,60}|(?:does|do) [^,;]{1,60} (?:do|mean|stand for))\s*\??$|\bdefin(?:e|ition)\b|\bwhat does .{2,40} mean\b/i,
  ],
  ['yes-no', /^\s*(?:am|is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had)\b/i],
];

/** The sort of answer that a question, or a clause of one, wants. */
export const kindOf = (question: string): Kind => ASKS.find(([, asks]) => asks.test(question))?.[0] ?? 'other';

const NUMBER_WORD =
  'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozen|hundred|thousand|million|twice|unlimited|infinite|infinity';
const MONTH =
  'january|february|march|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec';

const DATED = `\\b(?:1\\d{3}|20\\d{2})\\b|\\b(?:${MONTH})\\b|\\b\\d{1,2}[:.]\\d{2}\\b|\\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|century)\\b`;
/** What has happened, and before or after what. */
const IN_STORY =
  '^(?=.*\\b(?:was|were|had|came|went|began|left|took|got|(?<!\\b(?:is|are|be|been|the|an?|this|these) )\\p{L}{2,}ed)\\b).*\\b(?:after|before|until|during|since|hours?|days?|weeks?|months?|years?)\\b';

const HOLDS: Partial<Record<Kind, RegExp>> = {
  // "cli2-action" is a name.
  version: /(?<![\p{L}\d_-])v?\d+(?!\d*[\p{L}_])|\bES\d/iu,
  who: /\p{Lu}[\p{L}'’.-]+\s+(?:(?:de|van|von|of|the|der|la|bin|al)\s+)?\p{Lu}[\p{L}'’-]+|(?<=[\p{L}\p{N},:;|(]\s*)(?!\p{Lu}\p{Ll}+(?:ian|ish|ese|ench|utch)\s\p{Ll})\p{Lu}\p{Ll}+|@[\w-]+|(?<=\bthe )\p{Lu}{2,6}\b/u,
  contact: /@|\b(?:contact|report|reach|notify|inform|tell|write to|e-?mail|phone|call)\b/i,
  date: new RegExp(`${DATED}|${IN_STORY}`, 'isu'),
  when: new RegExp(
    `${DATED}|\\b(?:after|before|until|when|once|whenever|as soon as|within|during|hours?|days?|weeks?|months?|years?|noon|midday|midnight|dawn|dusk|sun(?:rise|set)|mornings?|afternoons?|evenings?|nights?)\\b`,
    'i',
  ),
  where:
    /[~\w.-]*[\\/][\w.-]+|%\w+%|https?:|[\w-]@[\w-]+\.|\b(?:in|at|on|near|from|to|under|inside|south|north|east|west) (?:the |an? )?(?:\p{Lu}|`|\p{L}+ (?:folder|directory|file|cache|section))|\b(?:stored|located|lies|kept|situated|found|lived?|saved|written)\b/u,
  // No version, and no name that begins with a digit.
  'how-many': new RegExp(
    `(?<![\\p{L}\\p{N}.-])[-+$€£]?\\d(?![\\d.,]*\\p{L}{4}|\\d*\\.\\d+\\.\\d)|\\b(?:${NUMBER_WORD})\\b|\\bdefaults? (?:is|to|of)\\b|default: (?!["'\`]?\\$)`,
    'iu',
  ),
  default: /\bdefault|\b(?:unset|unless|if not (?:set|given|specified))\b/i,
  price:
    /[$€£¥]\s?\d|\d\s?(?:[$€£¥%]|(?:dollars?|euros?|pounds?|cents?|percent|per cent|USD|EUR|GBP|CHF)\b)|\b(?:free|no (?:charge|cost|fee)|in full|nothing)\b|\b(?:costs?|priced?|fees?|charge[sd]?|pays?|makes?|earns?)\b[^.!?]{0,60}\d/i,
  // Of time, or of room.
  'how-long': new RegExp(
    `(?:\\d|\\b(?:an?|one|half|few|several|${NUMBER_WORD})\\b)[^.!?]{0,25}\\b(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|inch(?:es)?|feet|foot|miles?|yards?|met(?:re|er)s?)\\b|(?:\\d|\\b(?:${NUMBER_WORD})\\b)[^.!?]{0,25}\\b(?:characters?|letters?|bytes?|words?|lines?|pages?)\\b|\\d ?(?:ms|s|m|h|d|km|cm|mm|kB|MB)\\b|\\b(?:forever|indefinitely|unlimited|infinity|until|as long as|always|immediately|same day)\\b`,
    'iu',
  ),
  'how-often': new RegExp(
    `\\b(?:every|(?:(?:after|at|before|for|in|on|with|once|times) )each|each (?:time|second|minute|hour|day|night|week|month|year)|per (?:second|minute|hour|day|night|week|month|year)|(?:once|twice|times?|\\d) per|hourly|daily|nightly|weekly|monthly|yearly|annual(?:ly)?|always|never|whenever|continuous(?:ly)?|(?:interval|frequency)\\b[^.!?]{0,40}\\d|\\d[^.!?]{0,25}\\b(?:interval|frequency)|(?:once|twice|times) an?|(?:\\d+|${NUMBER_WORD}) times|after (?:\\d+|${NUMBER_WORD}))\\b`,
    'i',
  ),
  why: /,\s+as\b|\bas (?:it|this|they|these|those|such)\b(?! (?:is|are|well|if)\b)|\b(?:because|since|so that|in order to|therefore|thus|due to|otherwise|to (?:avoid|prevent|ensure|make|keep|allow)|prevents?|ensures that|reasons?|as (?:a|the) (?:result|consequence)|(?:a|the) (?:result|consequence) of (?:this|that|these|which)|which (?:means|would)|caus(?:es?|ed|ing)|for (?:this|that) reason|owing to)\b/i,
  // Or what is written like a name of one: `cache`, maxRetries, NO_COLOR.
  option: /`[^`]+`|(?<![\w/-])[-+]{1,2}[a-zA-Z][\w-]*|\p{Ll}\p{Lu}|\b\p{Lu}{2,}_\p{Lu}/u,
  // In their letters: "mit" is a word in German.
  licence:
    /\b(?:MIT|ISC|[AL]?GPL|BSD|MPL|EPL|EUPL|AFL|OFL|CC0|CC[- ]BY|Apache|Mozilla|Creative Commons|(?:Unl|UNL|unl)(?:icen[sc]e|ICEN[SC]E)|WTFPL|[Zz]lib|Boost|Artistic|[Pp]ublic [Dd]omain|Public License|[Pp]roprietary)\b/,
  'how-to':
    /`[^`]+`|(?:^|[:;])\s*(?:[-*\d.)]+\s*)?(?:use|run|set|call|add|install|pass|type|write|enable|disable|put|open|create|import|configure|choose|select|click|press|replace|contact|email|ask|report|tell|check|ensure|visit|send|apply|submit)\b|\bplease \p{Ll}|\byou(?:['’]ll| will)? (?:also |then |first )?(?:should|must|need to|have to)\b|\b(?:can be used (?:to|for|with|in)|(?:lets?|allows?|enables?) you|you can|by (?:\p{L}+ing)|must be|to do so|using|with the|--?[a-z]\S*)\b|\$\s|(?:^|[.;:]\s+)(?:in order )?to \p{L}+ [^.,;:]{2,60}, (?!(?:the|an?|it|its|th[eio]\w*|there|no|we|he|she|some|many|most)\b)\p{L}/iu,
  difference:
    /\b(?:inverse|opposite|unlike|whereas|while|instead|rather than|differ(?:s|ent|ence)?|but|however|in contrast|contrary|only|same as|similar|than|not|both|except)\b/i,
  platform:
    /\b(?:Linux|Windows|macOS|OS ?X|Mac|(?:Free|Open|Net)?BSD|Android|iOS|iPadOS|Solaris|illumos|Unix|Debian|Ubuntu|Fedora|POSIX|cross-platform)\b/i,
  definition: /\b(?:is|are|was|were|means?|refers? to|stands? for|denotes?|describes?)\b|^[^.]{2,60}(?::| [-–—] )/i,
};

const STANDS_ABOVE: ReadonlySet<Kind> = new Set(['when', 'date', 'version']);

/**
 * Whether a text has what an answer of this kind must hold; true where a kind asks for nothing in particular. When a
 * thing was, and in which version, may stand above it: "4.18.0 / 2022-04-25".
 */
export const holds = (kind: Kind, text: string, heading = ''): boolean =>
  !(kind === 'how-to' && forbids(text)) && holdsSort(kind, text, heading);

/**
 * The same of what is said for a question: what that names itself is no answer. "The Treasurer may sign" does not say who the Treasurer
 * is, nor "In 1921 it was wide" how many boats there were in 1921. Of "Who is Ann Lee?" any sentence about her may be one.
 */
export const isAnswer = ({ kind, text }: { kind: Kind; text: string }, said: string, heading = ''): boolean =>
  (holds(kind, withoutAsked(kind, said, text), heading) ||
    (kind === 'why' && ASKS_WHY_NOT.test(text) && ADVISES_AGAINST.test(said))) &&
  TOLD_BY_UNIT.every(([asks, unit]) => !asks.test(text) || unit.test(said)) &&
  !(ASKS_YEAR.test(text) && !YEAR.test(`${isEntry(heading) ? heading : ''} ${withoutAsked('date', said, text)}`));

/** "Why shouldn't I use it?" is answered by who advises against it: the reason stands with that. */
const ASKS_WHY_NOT = /\bwhy (?:should|must|can|may|do)(?:n['’]t\b|\b[^?]{1,80}\bnot\b)/i;
const ADVISES_AGAINST =
  /^(?:do not|don['’]t|never|avoid)\b|\b(?:should not|shouldn['’]t|must not|not advisable|not recommended|recommended (?:not|against)|discouraged)\b/i;
/** "At what temperature", "how much memory": no figure without such a unit tells it. */
const TOLD_BY_UNIT: readonly (readonly [asks: RegExp, unit: RegExp])[] = [
  [
    /\b(?:what|which|how) (?:is the )?(?:\p{L}+ ){0,2}(?:temperature|hot|cold|warm)\b/iu,
    /\d ?(?:°|º|degrees?\b|[CFK]\b)/,
  ],
  [
    /\bhow much (?:\p{L}+ ){0,2}(?:ram|memory|storage|space|disk|bandwidth|swap)\b/iu,
    /\d ?(?:[kmgt]i?b|[kmgt]|bytes?|(?:kilo|mega|giga|tera)bytes?)\b|\d ?%/i,
  ],
];
/** "In what year": what says that it was two years later names none. */
const ASKS_YEAR = /\b(?:what|which) year\b/i;
export const YEAR = /\b(?:1\d{3}|20\d{2})\b/;

/** With the words of the question in small letters: they name nobody. */
function lowered(said: string, asked: string): string {
  const words = new Set(asked.toLowerCase().match(/\p{L}+/gu));
  return said.replace(/\p{Lu}\p{L}+/gu, (word) => (words.has(word.toLowerCase()) ? word.toLowerCase() : word));
}

function withoutAsked(kind: Kind, said: string, asked: string): string {
  if (kind === 'who' && OF_ROLE.test(asked)) return lowered(said.replace(OF_MANY, ''), asked);
  if (kind === 'who') return OF_PERSON.test(asked) ? said : lowered(said, asked);
  if (!OF_FIGURES.has(kind)) return said;
  const figures = new Set(asked.match(FIGURE));
  const told = /\bdefault/i.test(said) ? said : said.replace(SET, '');
  return figures.size === 0 ? told : told.replace(FIGURE, (figure) => (figures.has(figure) ? '' : figure));
}

const OF_PERSON = /\b[Ww]ho (?:is|are|was|were) (?!(?:The|A|An)\b)\p{Lu}/u;
/** "Who is the chair?" is answered by no committee. */
const OF_ROLE = /\b[Ww]ho (?:is|are|was|were) (?:the|an?|its|their|our) \p{Ll}/u;
const OF_MANY =
  /(?<![\p{L}-])(?:\p{Lu}[\p{L}-]{1,30} ){1,5}(?:Committee|Team|Group|Board|Council|Foundation|Association|Department|Office|Project)\b(?: \(\p{Lu}{2,6}\))?/gu;
/** "`-o rest.connections=5`": what may be set is no figure of what is. */
const SET = /`[^`\n]{0,80}=\s?\d[^`\n]{0,40}`/g;
const FIGURE = /\d+(?:[.,:]\d+)*/g;
const OF_FIGURES: ReadonlySet<Kind> = new Set(['how-many', 'how-long', 'price', 'date', 'when', 'version']);

/** Kinds that ask for a number, whatever it counts. */
export const asksNumber = (kind: Kind): boolean => NUMBERS.has(kind);
const NUMBERS: ReadonlySet<Kind> = new Set(['how-many', 'how-long', 'price']);

/** What one must not do says nothing of how it is done. */
export const forbids = (text: string): boolean =>
  /^(?:do not|don['’]t|never|avoid)\b|\b(?:(?:recommended|advised) (?:not to|to not)|not recommended|discouraged)\b/i.test(
    text,
  );

const holdsSort = (kind: Kind, text: string, heading: string): boolean =>
  HOLDS[kind]?.test(STANDS_ABOVE.has(kind) && isEntry(heading) ? `${heading} ${text}` : text) !== false ||
  (kind === 'who' && isEntry(heading) && HOLDS.who?.test(heading) === true) ||
  (kind === 'why' && isReason(heading)) ||
  (kind === 'how-to' && /^(?:how (?:to|do|can)\b|--?[a-z])/i.test(heading));

/** "Cause", "Rationale": what stands there is a reason. */
export const isReason = (heading: string): boolean => OF_REASONS.test(heading);
const OF_REASONS = /(?:^|, )(?:the )?(?:causes?|reasons?|rationale|motivation|why(?: not)?)$/i;

/** What says itself that it is a reason, or tells two things apart: "to allow" may be any purpose. */
const SURELY: Partial<Record<Kind, RegExp>> = {
  why: /\b(?:because|since|so that|due to|reasons?|owing to)\b/i,
  difference: /\b(?:inverse|opposite|unlike|whereas|differ(?:s|ent|ence)?|in contrast|contrary|equivalent|same as)\b/i,
};

export const holdsSurely = (kind: Kind, text: string): boolean => SURELY[kind]?.test(text) ?? holds(kind, text);

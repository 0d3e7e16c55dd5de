// word-lists.ts: English words that matter when two sentences are compared. Lists alone; nothing is decided here.

/** Words that mean the same are written the same. */
export const SAME_WORDS: readonly (readonly [pattern: RegExp, put: string])[] = [
  [/\btime[- ]outs?\b|\btimes? out\b|\btimed out\b/gi, 'timeout'],
  [/\blicences?\b/gi, 'license'],
  [/\b(?:gives up|given up)\b/gi, 'timeout'],
  [/\b(?:tries|tried) again\b/gi, 'retried'],
  [/\bcan ?not\b|\bcan['’]t\b/gi, 'can not'],
  [/\b(?:an? half|half an?)\s(?=hour|minute|second|day|year)/gi, '0.5 '],
];

/** Beside an amount they say little of what it is the amount of. */
export const FILLERS: ReadonlySet<string> = new Set(
  (
    'hold holds held take takes took allow allows allowed permit permits accept accepts may can must give gives gave keep keeps kept ' +
    'cost costs weigh weighs weight measure measures make makes made up consist consists contain contains get gets run runs use uses ' +
    'last lasts need needs reach reaches live lives lived size number large default maximum possible limit limited after every ' +
    'expire expires there one default once save saved per usually normally currently now only'
  ).split(' '),
);

/** They stand in every reference: what only has these in common is not about one thing. */
export const GENERIC: ReadonlySet<string> = new Set(
  'type types boolean string number object array option options value values true false default defaults optional required set see example note use using used function method parameter argument version versions release node'.split(
    ' ',
  ),
);

/** Opposites that turn a yes into a no, each with the word that it is the opposite of. */
export const OPPOSITES: ReadonlyMap<string, string> = new Map(
  (
    'disabled:enabled disable:enable disables:enables optional:required forbidden:allowed unsupported:supported ' +
    'disallowed:allowed prohibited:allowed asynchronous:synchronous asynchronously:synchronously unordered:ordered ' +
    'mutable:immutable case-insensitive:case-sensitive insensitive:sensitive private:public unsafe:safe incorrect:correct ' +
    'false:true impossible:possible unavailable:available incompatible:compatible unnecessary:necessary unlimited:limited ' +
    'invalid:valid inactive:active uncompressed:compressed unencrypted:encrypted stateless:stateful off:on closed:open'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** It was so, and is no more. */
export const PAST =
  /\b(?:used to|formerly|previously|in the past|no longer|originally|the old|at first|once was|was changed|had been)\b|\bbefore (?:version |v)?\d/i;

/** Of these a sentence has one: they say which side of a thing was measured. */
export const AXES: readonly string[] = 'long wide high deep tall thick heavy fast'.split(' ');

/** What happens once: when it did can't be said in two ways. */
export const ONCE =
  /\b(?:release[ds]?|founded|founding|born|birth|die[sd]?|death|opened|opening|fell|fall|ended|ends|end|began|begins|started|built|published|publication|introduced|introduction|launched|launch|finished|completed|signed|invented|invention|discovered|discovery|established|created|abolished|elected|merged|landed|crashed|sank|burned)\b/giu;

// fault-problem.ts: why a fault makes no sense, in a sentence for the person who wrote it. Shared by inject(), the admin
// address and fault plans, so that all three refuse with the same words.

import { isObject } from './check-request.ts';

/** What an option must be, in words, and whether a value is that. */
export interface OptionRule {
  words: string;
  holds: (value: unknown) => boolean;
  required?: boolean;
}

export const wholeNumber = (min: number, max = Infinity): OptionRule => ({
  words: max === Infinity ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
  holds: (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
});
export const numberFrom = (min: number, words: string): OptionRule => ({
  words,
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && value >= min,
});
export const oneOf = (...values: string[]): OptionRule => ({
  words: `one of ${values.join(', ')}`,
  holds: (value) => values.includes(value as string),
});
const text: OptionRule = { words: 'a text', holds: (value) => typeof value === 'string' };
const ms = numberFrom(0, 'a number of milliseconds');
const required = (rule: OptionRule): OptionRule => ({ ...rule, required: true });

const KINDS: Record<string, Record<string, OptionRule>> = {
  status: {
    status: required(wholeNumber(200, 599)),
    headers: {
      words: 'an object of texts',
      holds: (value) => isObject(value) && Object.values(value).every(text.holds),
    },
    body: { words: 'anything', holds: () => true },
    retryAfterSeconds: numberFrom(0, 'a number of seconds'),
  },
  stall: { afterChunks: wholeNumber(0), ms },
  cut: { afterChunks: wholeNumber(0) },
  garbage: { text },
  'bad-output': {
    content: text,
    output: oneOf('broken-json', 'wrong-schema', 'empty', 'fenced', 'prose', 'cut-short', 'refusal'),
  },
  'bad-tool-call': {
    call: required(oneOf('duplicated', 'same-ids', 'unknown', 'object-arguments', 'broken-arguments')),
  },
  'no-usage': {},
  'no-finish-reason': {},
  endless: { everyMs: ms },
  delay: { ms: required(ms) },
};

/** Every kind of fault, as it is written in a plan. */
export const FAULT_KINDS: readonly string[] = Object.keys(KINDS);

const MATCH: Record<string, OptionRule> = { step: text, contains: text, nth: wholeNumber(1) };

/** Why this can't be injected, in words for the person who wrote it; undefined when it can. */
export function faultProblem(value: unknown): string | undefined {
  return faultWithProblem(value, { times: wholeNumber(0) }, MATCH);
}

/** As `faultProblem`, for a fault that has these options beside those of its kind, and may be matched by these. */
export function faultWithProblem(
  value: unknown,
  more: Record<string, OptionRule>,
  match: Record<string, OptionRule>,
): string | undefined {
  if (!isObject(value)) return 'A fault must be an object.';
  const { kind } = value;
  const own = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!own) return `Unknown fault kind ${JSON.stringify(kind)}: use ${FAULT_KINDS.join(', ')}.`;
  const name = `A '${String(kind)}' fault`;
  if (kind === 'bad-output' && value.content === undefined && value.output === undefined) {
    return `${name} needs content, or output: ${own.output?.words}.`;
  }
  const anything = { words: '', holds: () => true };
  const problem = optionsProblem(name, value, { ...own, ...more, kind: anything, match: anything });
  if (problem ?? value.match === undefined) return problem;
  if (!isObject(value.match)) return `${name} needs match to be an object.`;
  return optionsProblem(`${name}'s match`, value.match, match);
}

/** Why these options break these rules; undefined when they don't. `name` begins the sentence. */
export function optionsProblem(
  name: string,
  value: Record<string, unknown>,
  rules: Record<string, OptionRule>,
): string | undefined {
  for (const [option, rule] of Object.entries(rules)) {
    if (value[option] === undefined) {
      if (rule.required) return `${name} needs ${option}: ${rule.words}.`;
    } else if (!rule.holds(value[option])) {
      return `${name} needs ${option} to be ${rule.words}, not ${JSON.stringify(value[option])}.`;
    }
  }
  const unknown = Object.keys(value).find((option) => !Object.hasOwn(rules, option));
  if (unknown === undefined) return undefined;
  return `${name} has no option ${JSON.stringify(unknown)}: use ${Object.keys(rules).join(', ')}.`;
}

// request-features.ts: the optional features of a request: what each is worth, what takes its place on a server that refuses
// it, and by which words a refusal names it. Pure; knows no server.

import { isObject } from '../text/json-values.ts';
import type { ChatMessage, ModelRequest } from './provider.ts';

export interface Features {
  /** How the shape of an answer is asked for. */
  format: 'json_schema' | 'json_object' | 'words';
  /** Whether the server is to hold the answer to the schema word by word. */
  strict: boolean;
  /** A format beside tools; else the shape is asked for in words where there are tools. */
  formatBesideTools: boolean;
  tools: 'native' | 'words';
  toolChoice: boolean;
  /** Usage at the end of a stream. */
  streamUsage: boolean;
  /** The name under which the most tokens of an answer go. */
  outputBound: 'max_completion_tokens' | 'max_tokens' | 'none';
  /** Where words of the system may stand: behind others, in the first message only, or in the first message of the user. */
  system: 'anywhere' | 'first' | 'user';
  /** That the server is told to keep nothing; the Responses API alone knows it. */
  store: boolean;
  /** That it is asked for its reasoning in a form that it reads again, since it keeps none; Responses alone, too. */
  sealed: boolean;
  /** That it gets back what it sent beside words and calls. */
  own: boolean;
}

export type Feature = keyof Features;
export type Api = 'chat' | 'responses';

/** A request as a server is asked that takes everything. A system message behind others is worth nothing to us. */
export const ALL_FEATURES: Features = {
  format: 'json_schema',
  strict: true,
  formatBesideTools: true,
  tools: 'native',
  toolChoice: true,
  streamUsage: true,
  outputBound: 'max_completion_tokens',
  system: 'first',
  store: true,
  sealed: true,
  own: true,
};

/** From best to least. */
const LEVELS: { readonly [K in Feature]: readonly Features[K][] } = {
  format: ['json_schema', 'json_object', 'words'],
  strict: [true, false],
  formatBesideTools: [true, false],
  tools: ['native', 'words'],
  toolChoice: [true, false],
  streamUsage: [true, false],
  outputBound: ['max_completion_tokens', 'max_tokens', 'none'],
  system: ['anywhere', 'first', 'user'],
  store: [true, false],
  sealed: [true, false],
  own: [true, false],
};

/** Which is left out first where a refusal names none: what servers lack most, and what is missed least. */
export const RISKIEST_FIRST: readonly Feature[] = [
  'strict',
  'formatBesideTools',
  'format',
  'streamUsage',
  'outputBound',
  'toolChoice',
  'sealed',
  'store',
  'own',
  'system',
  'tools',
];

export const FEATURE_NAMES: Readonly<Record<Feature, string>> = {
  format: 'a response format',
  strict: 'strict schemas',
  formatBesideTools: 'a response format beside tools',
  tools: 'tools',
  toolChoice: 'a tool choice',
  streamUsage: 'usage in streams',
  outputBound: 'a bound on output tokens',
  system: 'system messages where they stood',
  store: '"store"',
  sealed: 'reasoning to be sent back',
  own: 'fields of its own in what it said before',
};

const WORDS: Readonly<Record<Exclude<Feature, 'formatBesideTools' | 'own'>, RegExp>> = {
  streamUsage: /stream[_ ]?options|include[_ ]usage/i,
  outputBound: /max_?(?:completion_?|output_?|new_?)?tokens|max (?:completion|output|new) tokens|maxOutputTokens/i,
  toolChoice: /tool[_ -]?choice/i,
  store:
    /['"`]store['"`]|\bstore\b.{0,40}(?:parameter|field|support|permit|allow|unknown|unrecogni)|(?:parameter|field|argument)\W{0,4}store\b/i,
  sealed:
    /encrypted[_ ]?content|['"`]include['"`]|\binclude\b.{0,40}(?:parameter|field|support|permit|allow|unknown|unrecogni)|(?:parameter|field|argument)\W{0,4}include\b/i,
  strict: /\bstrict\b|additionalProperties/i,
  system:
    /system (?:role|message|prompt|instruction)|(?:role|message)s?\b.{0,30}\bsystem\b|\bsystem\b.{0,30}\brole|developer instruction|roles? must (?:alternate|be)|conversation roles|first message/i,
  format:
    /response[_ ]?(?:format|mime|schema)|json[_ -]?(?:schema|object|mode|output)|structured[_ ]?output|guided|grammar|text\.format|(?:output|response) (?:format|schema)|\bschema\b|response_?mime/i,
  tools: /\btools?\b|\btool[_ ]?(?:use|calls?|calling)\b|function[_ ]?(?:call|calling|declaration)|\bfunctions?\b/i,
};
/** The narrow before the wide: what names a tool choice names tools, too. */
const BY_WORDS = ['streamUsage', 'outputBound', 'toolChoice', 'store', 'sealed', 'strict'] as const;

/** Whether the request has this feature when it is made so, and it could do with less. */
export function usesFeature(feature: Feature, features: Features, request: ModelRequest, api: Api): boolean {
  const hasTools = (request.tools?.length ?? 0) > 0 && features.tools === 'native';
  const hasFormat =
    request.format !== undefined && features.format !== 'words' && (!hasTools || features.formatBesideTools);
  switch (feature) {
    case 'format':
      return hasFormat;
    case 'strict':
      return features.strict && ((hasFormat && features.format === 'json_schema') || (hasTools && api === 'responses'));
    case 'formatBesideTools':
      return hasFormat && hasTools;
    case 'tools':
      return hasTools;
    case 'toolChoice':
      return hasTools && features.toolChoice;
    case 'streamUsage':
      return api === 'chat' && features.streamUsage;
    case 'outputBound':
      return request.maxOutputTokens !== undefined && features.outputBound !== 'none';
    case 'system':
      return features.system !== 'user' && request.messages.some(({ role }) => role === 'system');
    case 'store':
      return api === 'responses' && features.store;
    case 'sealed':
      return api === 'responses' && features.sealed;
    case 'own':
      return features.own && request.messages.some(hasKept);
  }
}

const hasKept = (message: ChatMessage): boolean =>
  message.role === 'assistant' &&
  (message.from?.kept !== undefined || (message.toolCalls ?? []).some(({ kept }) => kept !== undefined));

/** Whether a refusal names a field, or a kind of item, that came from the server itself. */
function namesKept(words: string, { messages }: ModelRequest): boolean {
  const kept = messages.flatMap((message) =>
    message.role === 'assistant'
      ? [message.from?.kept?.message, ...(message.toolCalls ?? []).map((call) => call.kept)]
      : [],
  );
  const parts = kept.flat().filter(isObject);
  const fields = [...parts, ...parts.flatMap(({ more, function: inner }) => [more, inner])].filter(isObject);
  const names = fields.flatMap(({ type, ...own }) => [
    ...(typeof type === 'string' ? [type] : []),
    ...Object.keys(own),
  ]);
  return names.some((name) => !SHARED.has(name) && words.includes(name));
}

/** Names in what is kept that any refusal may have. */
const SHARED = new Set([
  'id',
  'at',
  'more',
  'type',
  'role',
  'status',
  'message',
  'function',
  'function_call',
  'name',
  'index',
]);

/** The same with less of this feature: the next level, or the least that there is. */
export function withoutFeature(
  feature: Feature,
  features: Features,
  api: Api,
  how: 'next' | 'least' = 'next',
): Features {
  const levels: readonly unknown[] = LEVELS[feature];
  const last = levels.length - 1;
  // Responses have one name for it.
  const isOnly = feature === 'outputBound' && api === 'responses';
  const at = how === 'least' || isOnly ? last : Math.min(last, levels.indexOf(features[feature]) + 1);
  return { ...features, [feature]: levels[at] };
}

/** Which of the features that it uses a refusal of a request names. */
export function namedFeature(words: string, features: Features, request: ModelRequest, api: Api): Feature | undefined {
  const isUsed = (feature: Feature): boolean => usesFeature(feature, features, request, api);
  if (isUsed('own') && namesKept(words, request)) return 'own';
  for (const feature of BY_WORDS) if (WORDS[feature].test(words) && isUsed(feature)) return feature;
  const ofFormat = WORDS.format.test(words);
  const ofTools = WORDS.tools.test(words) || WORDS.toolChoice.test(words);
  if (ofFormat && ofTools && isUsed('formatBesideTools')) return 'formatBesideTools';
  if (WORDS.system.test(words) && isUsed('system')) return 'system';
  if (ofFormat && isUsed('format')) return 'format';
  return ofTools && isUsed('tools') ? 'tools' : undefined;
}

/** What of a kept value is a level that there is; kept by another version, it may be none. */
export function knownLevels(kept: unknown): Partial<Features> {
  if (kept === null || typeof kept !== 'object') return {};
  const values = kept as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(LEVELS).flatMap(([feature, levels]) =>
      (levels as readonly unknown[]).includes(values[feature]) ? [[feature, values[feature]]] : [],
    ),
  );
}

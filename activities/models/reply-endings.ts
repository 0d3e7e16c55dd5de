// reply-endings.ts: how a reply may end that is no answer: held back by a filter, refused by the model, broken off by the server.
// Throws it in the shape of a server's error, which openai-faults.ts reads.

import { APIError } from 'openai';
import type { ServerError } from './server-words.ts';

export interface ReplyEnd {
  /** What the server gives as its reason; some give one of their own, some none. */
  finish?: string | null | undefined;
  /** The model's own words of refusal, where the server tells them apart from an answer. */
  refusal?: string;
  /** Nothing came that could be used. */
  isEmpty: boolean;
}

/** Reasons for which a model itself comes to an end, as most servers name them. */
const OWN =
  /^(?:stop\w*|tool_?calls?|function_?call|tool_use|length|max_\w+|eos\w*|end_?turn|complete\w*|normal|done|model_length)$/i;
const BROKEN = /error|fail|abort|cancel|insufficient|timeout|overload|unavailable|interrupt/i;
const FILTERED = /filter|safety|policy|sensitive|blocked|prohibited|recitation|moderat/i;

/** @throws APIError for an ending that makes what came no answer. */
export function refuseBadEnding({ finish, refusal = '', isEmpty }: ReplyEnd): void {
  if (refusal.trim() !== '')
    throw said({ code: 'content_filter', message: `the model refuses: ${refusal.slice(0, 300)}` });
  if (!finish || OWN.test(finish)) return;
  if (FILTERED.test(finish) && !/malformed/i.test(finish))
    throw said({
      code: 'content_filter',
      message: `the answer was held back (finish reason "${finish.slice(0, 60)}")`,
    });
  if (BROKEN.test(finish) || isEmpty)
    throw said({ message: `the server broke its answer off (finish reason "${finish.slice(0, 60)}")` });
}

const said = (error: ServerError): APIError => new APIError(undefined, error, undefined, undefined);

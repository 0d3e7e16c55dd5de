// output-format.ts: how long an answer may be, and how many calls it may ask for.

/** No answer that is asked for is as long as this: a model that goes on is asked again. */
const MAX_ANSWER_CHARS = 1_000_000;

/** @throws SyntaxError when an answer does not end. */
export function refuseEndless(text: string | number): void {
  if ((typeof text === 'number' ? text : text.length) > MAX_ANSWER_CHARS)
    throw new SyntaxError(`the answer did not end within ${MAX_ANSWER_CHARS} characters`);
}

/** No reply asks for as many tool calls as this. */
export const MAX_CALLS = 128;

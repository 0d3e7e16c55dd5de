// answers.ts: answers in the store, and how much of one may travel inline.

import type { Answer } from '../../protocol/answer.ts';
import { MAX_INLINE_RESULT_BYTES } from '../../protocol/limits.ts';
import { canonicalJson } from '../../protocol/schemas/hash.ts';
import { readJson } from '../../store/read-json.ts';
import type { Store } from '../../store/store.ts';

/** Half of what a result may hold: coverage, draft and the rest come beside it. */
const MAX_INLINE_BYTES = MAX_INLINE_RESULT_BYTES / 2;

export const keepAnswer = (store: Store, answer: Answer): Promise<string> => store.putBlob(canonicalJson(answer));

export const readAnswer = (store: Store, ref: string): Promise<Answer> => readJson<Answer>(store, ref);

/** True when a value is small enough to stand in a result itself. */
export const fitsInline = (value: unknown): boolean => Buffer.byteLength(canonicalJson(value)) <= MAX_INLINE_BYTES;

export const answerInline = (answer: Answer): { answer?: Answer } => (fitsInline(answer) ? { answer } : {});

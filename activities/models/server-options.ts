// server-options.ts: what somebody says of any OpenAI-compatible server when they make a provider of it, and how that is judged.

import { z } from 'zod';
import { aFunction } from '../../protocol/schemas/definition.ts';
import { aModel } from './provider.ts';

export const serverOptions = {
  model: aModel,
  apiKey: z.string(),
  /** Empty, as an unset variable of the environment is, means OpenAI's own. */
  baseURL: z
    .string()
    .refine(
      (written) => written === '' || (URL.canParse(written) && /^https?:$/.test(new URL(written).protocol)),
      'must be an address that begins with http:// or https://, e.g. http://127.0.0.1:8080/v1',
    )
    .optional(),
  recall: aFunction.optional(),
  onLearned: aFunction.optional(),
  say: aFunction.optional(),
};

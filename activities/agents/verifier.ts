// verifier.ts: the built-in kind that checks claims against their quotes. The planner never sees it: it is for answers.

import {
  claimsToVerify,
  VERDICTS_PROMPT,
  VERDICTS_SYSTEM,
  verdictsMessage,
  verdictsShape,
} from '../text/prompts/verdicts-prompt.ts';
import { readDocument } from '../tools/documents.ts';
import { defineSubAgent } from './sub-agent.ts';

export const verifier = defineSubAgent({
  name: 'verifier',
  description: '',
  tools: [readDocument],
  prompt: VERDICTS_PROMPT,
  input: claimsToVerify,
  output: verdictsShape,
  open: ({ goal, input }) => [
    { role: 'system', content: VERDICTS_SYSTEM },
    { role: 'user', content: verdictsMessage(goal, input.claims) },
  ],
  // The caller knows which claims there are: here only two verdicts on one claim are a problem.
  check: async ({ verdicts }) => {
    const numbers = verdicts.map(({ claim }) => claim);
    const twice = [...new Set(numbers.filter((n, at) => numbers.indexOf(n) !== at))];
    return {
      accepted: { findings: [], missing: [], data: verdicts.filter(({ claim }, at) => numbers.indexOf(claim) === at) },
      problems: twice.map((n) => `claim ${n} has more than one verdict`),
    };
  },
});

// researcher.ts: the built-in kind: searches and reads the task's documents and returns findings with exact quotes.

import { FINDINGS_PROMPT, FINDINGS_SYSTEM, findingsMessage } from '../text/prompts/findings-prompt.ts';
import { calculate } from '../tools/calculator.ts';
import { readDocument, searchDocuments } from '../tools/documents.ts';
import { defineSubAgent } from './sub-agent.ts';

export const researcher = defineSubAgent({
  name: 'researcher',
  description: 'Searches and reads the documents and brings facts with exact quotes.',
  tools: [searchDocuments, readDocument, calculate],
  asksPerson: true,
  sharesFindings: true,
  prompt: FINDINGS_PROMPT,
  open: (assignment) => [
    { role: 'system', content: FINDINGS_SYSTEM },
    { role: 'user', content: findingsMessage(assignment) },
  ],
});

// bundled-question.ts: what `npm start` asks when nobody asks anything, over the documentation of this project's own
// dependencies: there on every machine that has installed them, and large enough to be worth several sub-agents.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source } from '../../protocol/task.ts';

export const BUNDLED_QUESTION =
  'How does the openai client retry failed requests, how does commander treat unknown options, and how does minisearch do fuzzy and prefix search?';

/** Documentation of each package, without the copies nested inside others. */
const FILES = ['README.md', 'readme.md', 'Readme.md', 'CHANGELOG.md', 'docs/*.md'];

export function bundledSources(): Source[] {
  const path = join(fileURLToPath(new URL('../../../', import.meta.url)), 'node_modules');
  return [{ kind: 'path', path, include: ['/*', '/@*/*'].flatMap((at) => FILES.map((file) => `${at}/${file}`)) }];
}

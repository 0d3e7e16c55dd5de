// settings-problems.ts: whether a worker would start with these settings, and whether it would find a document to read: asked before
// one that runs is stopped for them.

import type { Source } from '../../protocol/task.ts';
import { plainProblems } from '../../settings/plain-settings.ts';
import { clientConfig } from '../config.ts';
import { askWorker } from './ask-worker.ts';

/**
 * What is wrong with the settings of this process, its config file and modules among them; empty where a stack would start.
 * @param withinMs how long reading them may take. Default: a minute.
 */
export async function settingsProblems(home: string, roots: readonly string[], withinMs?: number): Promise<string[]> {
  const { environment } = clientConfig();
  const env = { ...environment, MUSTER_HOME: home, MUSTER_ROOTS: roots.join('\n') };
  const asked = await askWorker({
    program: 'settings-check',
    env,
    ...(withinMs === undefined ? {} : { withinMs }),
  });
  // A module of theirs may end the process that loads it.
  const found = 'problem' in asked ? [`they can't be read: ${asked.problem}`] : (asked.answer as string[]);
  return [...new Set([...plainProblems(environment), ...found])];
}

/**
 * Why, in a sentence, a task could read none of these sources; undefined where it may, as far as can be told without opening any.
 * @param isWhole whether all that is there is counted, so that what is too large is told. Default: no, a few files are enough.
 */
export async function nothingToRead(sources: readonly Source[], isWhole = false): Promise<string | undefined> {
  const paths = sources.filter((source) => source.kind === 'path');
  if (paths.length === 0 || paths.length < sources.length) return undefined;
  const { environment } = clientConfig();
  const args = [JSON.stringify(paths), ...(isWhole ? ['whole'] : [])];
  const asked = await askWorker({ program: 'sources-check', args, env: environment });
  // Whoever can't be asked is no reason not to start: a worker looks at them again.
  const why = 'answer' in asked ? (asked.answer as { none?: string; refused?: string } | null) : null;
  if (why?.none === undefined) return why?.refused;
  return `there is nothing to read in ${paths.map(({ path }) => path).join(', ')}, so nothing was started: ${why.none}`;
}

// init.ts: `muster init`: a config, a kind of sub-agent with a tool, and a document to ask about, to begin from.

import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usageError } from '../terminal/cli-error.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';

const FILES = ['muster.json', 'agents.mjs', 'notes/lighthouse.md'];
/** By the name before it the offline model gives it to that kind; a model that plans chooses by the kinds' descriptions. */
const QUESTION = 'scheduler: When was the lamp replaced, and how often is the fog horn tested?';

export const command: Command<object> = {
  arguments: '[folder]',
  examples: ['muster init', 'muster init my-agents'],
  async run([folder = '.'], _flags, io) {
    const from = fileURLToPath(new URL('../../../../examples/scaffold/', import.meta.url));
    if (statSync(folder, { throwIfNoEntry: false })?.isFile())
      throw usageError(`${folder} is a file, so nothing was written`, 'Name a folder.');
    const there = FILES.find((file) => existsSync(join(folder, file)));
    if (there !== undefined)
      throw usageError(`${join(folder, there)} is there already, so nothing was written`, 'Name another folder.');
    for (const file of FILES) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      copyFileSync(join(from, file), join(folder, file));
      io.say(`wrote ${join(folder, file)}`);
    }
    const missing = ['muster-agents/activities', 'zod'].filter((name) => !isInstalled(name, folder));
    // npm would install into the nearest project above, and change that.
    const own = join(folder, 'package.json');
    if (missing.length > 0 && !existsSync(own)) {
      writeFileSync(own, `${JSON.stringify({ private: true }, null, 2)}\n`);
      io.say(`wrote ${own}`);
    }
    const into = relative('.', folder);
    io.say('');
    if (into !== '') io.say(`  cd ${into}`);
    if (missing.length > 0) io.say(`  npm install ${ownPackage()} zod`);
    io.say(`  MUSTER_CONFIG=muster.json npx muster run "${QUESTION}" --docs notes`);
    io.say('');
    io.say(
      'That answers offline, by the kind "scheduler" that it names; without the name the offline model plans with its own. The tool "days_between" is used once a model works: set MUSTER_MODEL and its key.',
    );
    return EXIT.done;
  },
};

/** What npm installs this very package from: by its name where npm brought it, else packed from where it lies. */
function ownPackage(): string {
  const root = resolve(fileURLToPath(new URL('../../../..', import.meta.url)));
  return /[/\\]node_modules[/\\]/.test(root) ? 'muster-agents' : `"$(npm pack --silent '${root}')"`;
}

/** As a module in that folder would find it. */
function isInstalled(name: string, folder: string): boolean {
  try {
    createRequire(join(resolve(folder), 'agents.mjs')).resolve(name);
    return true;
  } catch {
    return false;
  }
}

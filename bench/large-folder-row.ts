// large-folder-row.ts: what reading a folder of 29,000 files takes, what it takes again when one of them changed, and the
// most memory that a process has while it does. A process of its own: memory is of a whole one.

import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { Bench } from './row.ts';

const FILES = 29_000;
/** About what a source file or a note has. */
const PARAGRAPHS = 7;
const WORDS = 80;
/** Different words; some are in every file, most in few. */
const VOCABULARY = 200_000;

export async function largeFolderRow({ cleanup, print }: Bench): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-large-')));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }));
  const docs = join(folder, 'docs');
  let bytes = 0;
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % below;
  };
  const word = (): string => `w${Math.floor(VOCABULARY ** (random(10_000) / 10_000)).toString(36)}`;
  const nameOf = (file: number): string => join(docs, `part-${file % 97}`, `note-${file}.md`);
  for (let file = 0; file < FILES; file += 1) {
    if (file < 97) mkdirSync(join(docs, `part-${file}`), { recursive: true });
    const paragraphs = Array.from({ length: 1 + random(2 * PARAGRAPHS) }, () =>
      Array.from({ length: WORDS }, word).join(' '),
    );
    const text = `# Note ${file}\n\n${paragraphs.join('.\n\n')}.\n`;
    bytes += text.length;
    writeFileSync(nameOf(file), text);
  }
  const figures: Record<string, unknown> = {};
  for (const run of ['first', 'again', 'oneChanged']) {
    if (run === 'oneChanged') appendFileSync(nameOf(14_000), 'One more line.\n');
    const child = await startChild(new URL('./large-folder-child.js', import.meta.url), {
      args: [docs, join(folder, 'store')],
      cleanup,
    });
    figures[run] = JSON.parse(child.said);
    await child.stop();
  }
  print({ row: 'large-folder', files: FILES, megabytes: Math.round(bytes / 1e6), ...figures });
}

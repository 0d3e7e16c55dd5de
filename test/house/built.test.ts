// Tests run no build that is older than the sources: a Workflow bundle of yesterday would pass for today's code.

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { builtProblem } from '../rig/built.ts';

test('the build that these tests run is of the sources as they are', () => {
  expect(builtProblem(resolve(__dirname, '../..'))).toBeUndefined();
});

describe('a checkout', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'muster-built-'));
    for (const path of ['workflows/deep/story.ts', 'protocol/names.ts', 'dist/workflow-bundle.js']) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), '');
    }
    at(root, 'workflows/deep/story.ts', 1);
    for (const folder of ['workflows/deep', 'workflows', 'protocol']) at(root, folder, 1);
    at(root, 'protocol/names.ts', 1);
    at(root, 'dist/workflow-bundle.js', 2);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test('that was built after its last change may be tested', () => {
    expect(builtProblem(root)).toBeUndefined();
  });

  test('with a source that was changed since the bundle was written is refused, and the file is named', () => {
    at(root, 'workflows/deep/story.ts', 3);
    expect(builtProblem(root)).toMatch(/^workflows\/deep\/story\.ts was changed after dist\/ was built.*npm run build/);
  });

  test('from which a source was removed since then is refused', () => {
    rmSync(join(root, 'protocol/names.ts'));
    expect(builtProblem(root)).toMatch(/^protocol was changed after/);
  });

  test('whose build failed before the bundle was written is refused', () => {
    rmSync(join(root, 'dist/workflow-bundle.js'));
    expect(builtProblem(root)).toMatch(/is not built, or its last build failed: run npm run build/);
  });
});

function at(root: string, path: string, seconds: number): void {
  utimesSync(join(root, path), seconds, seconds);
}

// built.ts: whether dist/ was built from the sources as they are: tests run sources, but Workflows run their prebuilt
// bundle, and processes and threads run dist/. The build writes the bundle last, and only when all else went well.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOMS = [
  'protocol',
  'settings',
  'workflows',
  'documents',
  'activities',
  'store',
  'codec',
  'telemetry',
  'worker',
  'client',
  'gateway',
  'simulator',
  'testing',
];

/** Why tests would run other code than the sources in `root`, in a sentence; undefined when they would not. */
export function builtProblem(root: string): string | undefined {
  const bundle = join(root, 'dist/workflow-bundle.js');
  if (!existsSync(bundle)) return 'dist/ is not built, or its last build failed: run npm run build.';
  const builtAt = statSync(bundle).mtimeMs;
  // A file that is gone changes its folder.
  const newer = ROOMS.flatMap((room) => entriesOf(join(root, room))).find((path) => statSync(path).mtimeMs > builtAt);
  return newer === undefined
    ? undefined
    : `${relative(root, newer)} was changed after dist/ was built, or the last build failed: run npm run build.`;
}

function entriesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const inside = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? entriesOf(path) : [path];
  });
  return [folder, ...inside];
}

// The worker's config file as editors write it.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../worker/read-settings.ts';

test('a config file that begins with a byte order mark is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-config-'));
  const path = join(folder, 'muster.json');
  writeFileSync(path, '\ufeff{ "extensions": [] }');
  const env = { MUSTER_CONFIG: path, MUSTER_HOME: folder, MUSTER_OFFLINE_URL: 'http://127.0.0.1:1' };
  expect(await readSettings(env)).not.toHaveProperty('problems');
});

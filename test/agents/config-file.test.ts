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

test('a worker may read the folder that holds .muster/, and nothing beside a home of another name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-roots-'));
  const rootsWith = async (home: string): Promise<unknown> => {
    const read = await readSettings({ MUSTER_HOME: join(folder, home), MUSTER_OFFLINE_URL: 'http://127.0.0.1:1' });
    return 'config' in read ? read.config.roots : read;
  };
  expect(await rootsWith('.muster')).toEqual([folder]);
  expect(await rootsWith('muster-home')).toEqual([]);
});

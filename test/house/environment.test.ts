// The client is embeddable: what the environment says comes in through one file.

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const CLIENT = resolve(__dirname, '../../client');

test('of the client one file reads the environment', () => {
  const files = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(40);
  const readers = files.filter((name) => /process\.env|loadEnvFile/.test(readFileSync(join(CLIENT, name), 'utf8')));
  expect(readers).toEqual(['config.ts']);
});

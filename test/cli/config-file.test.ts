// config-file.test.ts: a config file as editors write it, and one that can't be read: worker, gateway and client take and
// refuse the same, in the same words.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveClass } from '../../client/classes.ts';
import { gatewayConfig } from '../../gateway/config.ts';
import { readSettings } from '../../worker/read-settings.ts';
import { emptyFolder } from './support.ts';

const folder = emptyFolder();
const path = join(folder, 'muster.json');
const env = { MUSTER_CONFIG: path, MUSTER_HOME: join(folder, '.muster'), MUSTER_OFFLINE_URL: 'http://127.0.0.1:1' };

/** What each room says of the file; `taken` where it takes it. */
async function said(): Promise<string[]> {
  const gateway = gatewayConfig([], env);
  const worker = await readSettings(env);
  return [
    'problems' in gateway ? gateway.problems.join() : 'taken',
    'problems' in worker ? worker.problems.join() : 'taken',
    await resolveClass('swift', path).then(
      ({ name }) => (name === 'swift' ? 'taken' : name),
      (error: Error) => error.message,
    ),
  ];
}

test('a file that begins with a byte order mark is taken by all', async () => {
  writeFileSync(path, `\ufeff${JSON.stringify({ classes: { swift: { extends: 'quick' } } })}`);
  expect(await said()).toEqual(['taken', 'taken', 'taken']);
});

test('a file that is no JSON is refused by all in the same words', async () => {
  writeFileSync(path, '{ "classes": ');
  const [one = '', ...others] = await said();
  expect(one).toMatch(/^MUSTER_CONFIG names \S+muster\.json, which is no JSON: /);
  expect(others).toEqual([one, one]);
});

test('a file that is not there is said not to be there', async () => {
  env.MUSTER_CONFIG = join(folder, 'none.json');
  const gateway = gatewayConfig([], env);
  expect(gateway).toEqual({ problems: [`MUSTER_CONFIG names ${env.MUSTER_CONFIG}, and there is no such file`] });
});

test('a gateway makes answers at once unless its flag or its file says that it does not', () => {
  const isFast = (args: string[], file: object): boolean | undefined => {
    writeFileSync(path, JSON.stringify(file));
    const read = gatewayConfig(args, { ...env, MUSTER_CONFIG: path });
    return 'config' in read ? read.config.fast : undefined;
  };
  expect(isFast([], {})).toBe(true);
  expect(isFast(['--no-fast'], {})).toBe(false);
  expect(isFast([], { gateway: { fast: false } })).toBe(false);
});

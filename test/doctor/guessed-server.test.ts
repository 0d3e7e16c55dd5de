// guessed-server.test.ts: the doctor at a server that nobody named: a real one, of which the settings say that it is only where
// Temporal's tools look.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporalSettings } from '../../settings/temporal-settings.ts';
import { emptyFolder } from '../cli/support.ts';
import { serverAddress } from '../rig/deployment.ts';
import { look } from './support.ts';

jest.mock('../../settings/temporal-settings.ts', () => {
  const actual = jest.requireActual<{ temporalSettings: typeof temporalSettings }>(
    '../../settings/temporal-settings.ts',
  );
  return {
    ...actual,
    // Instead of the usual port, which is anybody's on this machine.
    temporalSettings: jest.fn((env: Record<string, string>, given = {}) => {
      const settings = actual.temporalSettings(env, given);
      const address = process.env.MUSTER_TEST_ADDRESS ?? '';
      return settings.isDefault ? { ...settings, address, options: { ...settings.options, address } } : settings;
    }),
  };
});

const OF_SERVER = ['retention', 'attributes', 'workers', 'speed', 'clock'];

test('the doctor runs nothing on a server that nobody named, says that it may be another project’s, and advises no change of it', async () => {
  const home = join(emptyFolder(), '.muster');
  mkdirSync(home);
  // The port of a stack that died is nobody's word for a server either.
  const left = {
    v: 1,
    supervisor: 2 ** 22 + 1,
    temporal: { address: '127.0.0.1:1', uiUrl: '', started: true },
    roots: [],
  };
  writeFileSync(join(home, 'stack.json'), JSON.stringify(left));
  const found = await look({ MUSTER_HOME: home }, 'server', ...OF_SERVER);
  expect(found.filter(({ check }) => check === 'server')).toEqual([
    {
      check: 'server',
      state: 'warn',
      words: `a Temporal server answers at ${serverAddress()}, which nobody named and which this folder did not start: it may be another project’s, so nothing is run on it`,
      next: 'muster up starts one of this folder; if that one is meant, name it in TEMPORAL_ADDRESS and look again',
      data: { address: serverAddress() },
    },
  ]);
  for (const check of OF_SERVER)
    expect(found.filter((one) => one.check === check)).toEqual([
      { check, state: 'skipped', words: 'not looked at: nobody named the Temporal server (TEMPORAL_ADDRESS does)' },
    ]);
  const named = await look({ MUSTER_HOME: home, TEMPORAL_ADDRESS: serverAddress() }, 'server', 'attributes');
  expect(named.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
});

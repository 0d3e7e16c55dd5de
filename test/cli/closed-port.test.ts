// closed-port.test.ts: a port where nothing listens, as a command and the doctor ask it: told at once. Temporal's client is counted,
// and does nothing.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Connection } from '@temporalio/client';
import { look } from '../doctor/support.ts';
import { freePort } from '../rig/free-port.ts';
import { musterHere } from './support.ts';

test('a port that refuses connections is told without a client of Temporal, which would wait; one that is silent is waited for', async () => {
  const connecting = jest.spyOn(Connection, 'connect');
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const env = { MUSTER_DEPLOYMENT: 'abcd1234' };
  const asked = async (address: string, more: Record<string, string> = {}): Promise<number> => {
    connecting.mockReset().mockRejectedValue(new Error('too late'));
    const { code, talk } = await musterHere(['list'], { env: { ...env, TEMPORAL_ADDRESS: address, ...more } });
    expect(code).toBe(5);
    expect(talk).toContain(address);
    return connecting.mock.calls.length;
  };
  const closed = `127.0.0.1:${await freePort()}`;
  expect(await asked(closed)).toBe(0);
  expect((await look({ TEMPORAL_ADDRESS: closed }, 'server'))[0]?.words).toContain('nothing listens there');
  expect(connecting).not.toHaveBeenCalled();
  expect(await asked(`127.0.0.1:${(silent.address() as AddressInfo).port}`)).toBe(1);
  // Whether a proxy reaches it, the port itself does not say.
  expect(await asked(closed, { https_proxy: 'http://127.0.0.1:1' })).toBe(1);
  connecting.mockRestore();
  silent.close();
});

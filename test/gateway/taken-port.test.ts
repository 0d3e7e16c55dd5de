// taken-port.test.ts: a gateway, as a real process, that can't listen where it was asked to: what a person reads, on a pipe and
// on a terminal.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { emptyFolder, MAIN, muster } from '../cli/support.ts';
import { inTerminal, terminalCommand } from '../cli/terminal.ts';
import { serverAddress, testDeployment, type TestDeployment } from '../rig/deployment.ts';

let it_: TestDeployment;
let other: Server;
let port: number;
beforeAll(async () => {
  it_ = await testDeployment();
  other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  ({ port } = other.address() as AddressInfo);
});
afterAll(async () => {
  other.close();
  await it_.stop();
});

const env = (): Record<string, string> => ({ TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: it_.home });

test('a gateway whose port is taken says which in one sentence and what to do, on a pipe and on a terminal', async () => {
  const args = ['gateway', '--no-fast', '--port', String(port)];
  const said = `muster gateway: port ${port} of 127.0.0.1 is taken by another program\n  Next: Stop that program, or name another port in --port.\n`;
  expect(await muster(args, { env: env() }).ended).toMatchObject({ code: 5, out: '', talk: said });
  if (!terminalCommand) return;
  const { written, ended } = inTerminal(MAIN, args, { ...env(), NO_COLOR: '1' });
  expect(await ended).toBe(5);
  expect(written().replaceAll('\r\n', '\n')).toBe(said);
});

test('an address that is none of this machine is said, with the flag or the part of the config file that names it', async () => {
  const host = '192.0.2.1';
  const config = join(emptyFolder(), 'config.json');
  writeFileSync(config, JSON.stringify({ metrics: { worker: 0, gateway: 0, host } }));
  const words = (knob: string): RegExp =>
    new RegExp(
      `: ${host} is no address of this machine \\(EADDRNOTAVAIL\\)\\n {2}Next: Name one of its addresses in ${knob}\\.\\n$`,
    );
  for (const command of [['gateway', '--no-fast'], ['worker']]) {
    const more = { MUSTER_CONFIG: config, MUSTER_OFFLINE_URL: it_.model.url };
    const { code, talk } = await muster(command, { env: { ...env(), ...more } }).ended;
    expect(code).toBe(5);
    expect(talk).toMatch(words('"metrics" of the config file'));
    expect(talk).not.toContain('stack');
  }
});

// starts-and-finds-a-server.test.ts: temporal-dev.sh as a person and a supervisor meet it: real processes, real ports.

import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { cases, LONG } from '../rig/long.ts';
import {
  attributes,
  homes,
  closers,
  launch,
  run,
  endOf,
  well,
  stopBehind,
  newHome,
  state,
  lines,
  alive,
  until,
  ask,
  somethingElse,
  readState,
  root,
  temporal,
  useScript,
} from './script.ts';
import { freePort, unusualPort } from '../rig/free-port.ts';

/** Each of these starts a server or two; their neighbours show the same of another way in. */
const longTest = LONG ? test : test.skip;

useScript();

describe('starting, looking, stopping', () => {
  test('a person starts the server, sees where it is, and stops it', async () => {
    const home = newHome();
    const started = await run(home);
    expect(endOf(started)).toEqual(well);
    const now = state(home);
    expect(started.out).toBe(lines(now));
    expect(now).toMatchObject({ started: true, ephemeral: false });
    expect(readFileSync(join(home, 'temporal.pid'), 'utf8').trim()).toBe(String(now.pid));
    expect(ask(now.address, 'operator', 'cluster', 'health')).toContain('SERVING');
    expect((await fetch(now.uiUrl)).status).toBe(200);

    const status = await run(home, ['--status']);
    expect(endOf(status)).toEqual(well);
    for (const line of [`address=${now.address}`, `ui=${now.uiUrl}`, `pid=${now.pid}`, 'tuned=true'])
      expect(status.out.split('\n')).toContain(line);

    expect(endOf(await run(home, ['--stop']))).toEqual(well);
    expect(alive(now.pid)).toBe(false);
    expect((await run(home, ['--status'])).code).toBe(3);
  });

  test('a second start finds the server of the first and starts none', async () => {
    const home = newHome();
    const first = await run(home);
    const { pid } = state(home);
    const second = await run(home);
    expect(second).toMatchObject({ code: 0, out: first.out });
    expect(state(home).pid).toBe(pid);
    stopBehind(home);
  });

  test('two people who start the same home at once share one server', async () => {
    const home = newHome();
    const both = await Promise.all([run(home), run(home)]);
    expect(both.map((one) => one.code)).toEqual([0, 0]);
    expect(both[0]?.out).toBe(both[1]?.out);
    stopBehind(home);
  });

  longTest('two people who start two homes at once get a server each, on ports of its own', async () => {
    const [one, two] = [newHome(), newHome()];
    const both = await Promise.all([run(one), run(two)]);
    expect(both.map((ended) => ended.code)).toEqual([0, 0]);
    const ports = [state(one), state(two)].flatMap((of) => [of.address, of.uiUrl]);
    expect(new Set(ports).size).toBe(4);
    for (const home of [one, two])
      expect(ask(state(home).address, 'operator', 'cluster', 'health')).toContain('SERVING');
    stopBehind(one, two);
  });

  test('a server killed with SIGKILL comes back at its old address', async () => {
    const home = newHome();
    // The usual one may be taken by whoever starts a server on this machine in that moment.
    await run(home, [], { MUSTER_TEMPORAL_PORT: String(unusualPort()) });
    const before = state(home);
    process.kill(before.pid, 'SIGKILL');
    // At once: the system may not be through with it.
    expect(endOf(await run(home))).toEqual(well);
    expect(state(home).address).toBe(before.address);
    expect(state(home).pid).not.toBe(before.pid);
    stopBehind(home);
  });

  longTest('a home whose path has a space in it works', async () => {
    const home = join(newHome(), 'my project');
    mkdirSync(home);
    homes.push(home);
    expect(endOf(await run(home))).toEqual(well);
    expect(existsSync(join(home, 'temporal.db'))).toBe(true);
    expect(endOf(await run(home, ['--stop']))).toEqual(well);
  });

  test('a person who mistypes an option is told so', async () => {
    const ended = await run(newHome(), ['--stpo']);
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.talk).toContain('--stpo');
  });
});

describe('ports', () => {
  test.each(cases(['MUSTER_TEMPORAL_PORT', 'MUSTER_TEMPORAL_UI_PORT'], (_knob, at) => at === 0))(
    'a person whose %s is taken by another program is told which port and which knob',
    async (knob) => {
      const taken = await somethingElse();
      const ended = await run(newHome(), [], { [knob]: String(taken) });
      expect(ended).toMatchObject({ code: 5, out: '' });
      expect(ended.talk).toContain(String(taken));
      expect(ended.talk).toContain(knob);
    },
  );

  test('a person who names a free TEMPORAL_ADDRESS on this machine gets the server there', async () => {
    const home = newHome();
    const address = `127.0.0.1:${await freePort()}`;
    expect(endOf(await run(home, [], { TEMPORAL_ADDRESS: address }))).toEqual(well);
    expect(state(home)).toMatchObject({ address, started: true });
    stopBehind(home);
  });

  test('a TEMPORAL_ADDRESS without a port means the port that Temporal has, as for the rest of Muster', async () => {
    const ended = await run(newHome(), [], { TEMPORAL_ADDRESS: 'nowhere.invalid' });
    expect(ended).toMatchObject({ code: 5, out: '' });
    expect(ended.talk).toContain('nothing answers at TEMPORAL_ADDRESS=nowhere.invalid:7233');
  });

  test('a person whose TEMPORAL_ADDRESS is some other program is told so', async () => {
    const address = `127.0.0.1:${await somethingElse()}`;
    const ended = await run(newHome(), [], { TEMPORAL_ADDRESS: address });
    expect(ended).toMatchObject({ code: 5, out: '' });
    expect(ended.talk).toContain(address);
  });
});

describe('what a server keeps', () => {
  longTest('a Workflow outlives a stop and a start', async () => {
    const home = newHome();
    await run(home);
    ask(
      state(home).address,
      'workflow',
      'start',
      '--type',
      'Nothing',
      '--task-queue',
      'nobody',
      '--workflow-id',
      'kept',
    );
    await run(home, ['--stop']);
    await run(home);
    expect(ask(state(home).address, 'workflow', 'describe', '--workflow-id', 'kept')).toMatch(/WorkflowId\s+kept/);
    stopBehind(home);
  });

  test('search attributes and retention are there after a first and after every later start', async () => {
    const home = newHome();
    for (const hours of ['720h', '48h', '48h']) {
      expect(endOf(await run(home, [], { MUSTER_TEMPORAL_RETENTION: hours }))).toEqual(well);
      const { address } = state(home);
      const listed = ask(address, 'operator', 'search-attribute', 'list');
      for (const name of attributes) expect(listed).toMatch(new RegExp(`\\b${name}\\s+Keyword\\b`));
      expect(ask(address, 'operator', 'namespace', 'describe', '-n', 'default', '-o', 'json')).toContain(
        `"${Number.parseInt(hours, 10) * 3600}s"`,
      );
      if (hours === '720h') await run(home, ['--stop']);
    }
    stopBehind(home);
  });

  test('a person finds, and can stop, an ephemeral and untuned server, which writes no database', async () => {
    const home = newHome();
    expect(endOf(await run(home, ['--ephemeral', '--untuned']))).toEqual(well);
    expect(readdirSync(home).filter((file) => file.includes('.db'))).toEqual([]);
    expect(readState(home)).toMatchObject({ ephemeral: true });
    expect((await run(home, ['--ephemeral', '--status'])).out).toContain('tuned=false');
    expect(endOf(await run(home, ['--ephemeral', '--stop']))).toEqual(well);
  });

  longTest('a second start of an untuned home finds its server, and --stop stops it', async () => {
    const home = newHome();
    const first = await run(home, ['--untuned']);
    const { pid } = state(home);
    expect(await run(home, ['--untuned'])).toMatchObject({ code: 0, out: first.out });
    expect(state(home).pid).toBe(pid);
    expect(endOf(await run(home, ['--stop']))).toEqual(well);
    expect(alive(pid)).toBe(false);
  });

  test('a person who asks for the settings sees the tuned ones, and none of them when untuned', async () => {
    expect((await run(newHome(), ['--settings'])).out).toContain('history.transferProcessorMaxPollRPS=2000\n');
    expect((await run(newHome(), ['--settings', '--untuned'])).out).not.toContain('MaxPollRPS');
  });
});

describe('a supervisor in the foreground', () => {
  test.each(cases(['SIGTERM', 'SIGINT'] as const, (_signal, at) => at === 0))(
    '%s to the script stops the server cleanly',
    async (signal) => {
      const home = newHome();
      const foreground = launch(home, ['--foreground']);
      await until(() => foreground.sofar.out.includes('ui='));
      const now = state(home);
      expect(foreground.sofar.out).toBe(lines(now));
      foreground.child.kill(signal);
      expect(endOf(await foreground.end)).toEqual(well);
      expect(alive(now.pid)).toBe(false);
    },
  );

  longTest('a signal that comes while the script looks whether its server lives is heard, too', async () => {
    const home = newHome();
    const bin = join(home, 'bin');
    mkdirSync(bin);
    // Looking at a process takes long enough to be met: that is done once more after all is printed.
    writeFileSync(join(bin, 'tr'), '#!/bin/sh\nsleep 0.3\nPATH=${PATH#*:} exec tr "$@"\n', { mode: 0o755 });
    const foreground = launch(home, ['--foreground'], { PATH: `${bin}:${process.env.PATH}` });
    await until(() => foreground.sofar.out.includes('ui='));
    const { pid } = state(home);
    foreground.child.kill('SIGTERM');
    expect(endOf(await foreground.end)).toEqual(well);
    expect(alive(pid)).toBe(false);
  });

  longTest('a killed script leaves the server, and the next start in the foreground takes it over', async () => {
    const home = newHome();
    const first = launch(home, ['--foreground']);
    await until(() => first.sofar.out.includes('ui='));
    const { pid } = state(home);
    first.child.kill('SIGKILL');
    await first.end;
    const second = launch(home, ['--foreground']);
    await until(() => second.sofar.out.includes('ui='));
    expect(state(home).pid).toBe(pid);
    second.child.kill('SIGTERM');
    expect(endOf(await second.end)).toEqual(well);
    expect(alive(pid)).toBe(false);
  });

  test('a server that dies ends the script with a failure', async () => {
    const home = newHome();
    const foreground = launch(home, ['--foreground']);
    await until(() => foreground.sofar.out.includes('ui='));
    process.kill(state(home).pid, 'SIGKILL');
    expect((await foreground.end).code).toBe(1);
  });
});

describe("somebody else's server", () => {
  test('a server at TEMPORAL_ADDRESS is reused, and --stop leaves it running', async () => {
    const [theirs, ours] = [newHome(), newHome()];
    await run(theirs);
    const { address, pid } = state(theirs);
    const reused = await run(ours, [], { TEMPORAL_ADDRESS: address });
    expect(endOf(reused)).toEqual(well);
    expect(reused.out).toContain(`address=${address}\n`);
    expect(state(ours)).toMatchObject({ address, started: false });
    const stopped = await run(ours, ['--stop']);
    expect(endOf(stopped)).toEqual(well);
    expect(stopped.talk).toContain('left running');
    expect(alive(pid)).toBe(true);
    stopBehind(theirs);
  });
});

describe('getting the program', () => {
  const platform = () => `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const asset = () => `temporal_cli_1.8.2_${platform()}.tar.gz`;

  /** A directory for PATH with a stand-in: the real program would take minutes to get. */
  function standIn(name: string, body: string): string {
    const directory = mkdtempSync(join(root, 'bin-'));
    writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(directory, name), 0o755);
    return directory;
  }

  /** PATH without any directory that holds a `temporal`. */
  function bare(...first: string[]): string {
    const holdsTemporal = (directory: string) => {
      try {
        accessSync(join(directory, 'temporal'), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    };
    return [
      ...first,
      ...(process.env['PATH'] ?? '').split(delimiter).filter((directory) => !holdsTemporal(directory)),
    ].join(delimiter);
  }

  /** The official release, as far as the script looks at it. */
  async function release(checksum?: string): Promise<string> {
    const directory = standIn('temporal', `exec '${temporal}' "$@"`);
    spawnSync('tar', ['-czf', join(directory, asset()), '-C', directory, 'temporal']);
    const body = readFileSync(join(directory, asset()));
    const sums = `${checksum ?? createHash('sha256').update(body).digest('hex')}  ${asset()}\n`;
    const server = createHttpServer((request, response) => {
      if (request.url === '/checksums.txt') response.end(sums);
      else if (request.url === `/${asset()}`) response.end(body);
      else response.writeHead(404).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    closers.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A `go` that counts its builds and takes `seconds` for one. */
  function fakeGo(seconds: number): { directory: string; builds: () => number } {
    const count = join(mkdtempSync(join(root, 'go-')), 'builds');
    const directory = standIn(
      'go',
      [
        'if [ "$1" = version ]; then echo "go version go1.26.8 test/test"; exit; fi',
        `echo build >> '${count}'`,
        'while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done',
        `sleep ${seconds}`,
        `printf '#!/bin/sh\\nexec "%s" "$@"\\n' '${temporal}' > "$out"; chmod 755 "$out"`,
      ].join('\n'),
    );
    return { directory, builds: () => (existsSync(count) ? readFileSync(count, 'utf8').split('\n').length - 1 : 0) };
  }

  const noDownload = 'http://127.0.0.1:1';
  const newCache = () => mkdtempSync(join(root, 'cache-'));

  test('a download with the right checksum is taken', async () => {
    const home = newHome();
    const cache = newCache();
    const go = fakeGo(0);
    const ended = await run(home, [], {
      MUSTER_CACHE_DIR: cache,
      PATH: bare(go.directory),
      MUSTER_TEMPORAL_DOWNLOAD_BASE: await release(),
    });
    expect({ code: ended.code, builds: go.builds() }).toEqual({ code: 0, builds: 0 });
    expect(state(home).binary.startsWith(cache)).toBe(true);
    stopBehind(home);
  });

  longTest('a download with a wrong checksum is refused aloud, and the program is built', async () => {
    const home = newHome();
    const go = fakeGo(0);
    const base = await release('0'.repeat(64));
    const ended = await run(home, [], {
      MUSTER_CACHE_DIR: newCache(),
      PATH: bare(go.directory),
      MUSTER_TEMPORAL_DOWNLOAD_BASE: base,
    });
    expect({ code: ended.code, builds: go.builds() }).toEqual({ code: 0, builds: 1 });
    expect(ended.talk).toMatch(/refused[\s\S]*0{64}/);
    stopBehind(home);
  });

  longTest('two people without the program share one build, which says what it is doing', async () => {
    const [one, two] = [newHome(), newHome()];
    const go = fakeGo(3);
    const extra = {
      MUSTER_CACHE_DIR: newCache(),
      PATH: bare(go.directory),
      MUSTER_TEMPORAL_DOWNLOAD_BASE: noDownload,
      MUSTER_PROGRESS_SECONDS: '1',
    };
    const both = await Promise.all([run(one, [], extra), run(two, [], extra)]);
    expect(both.map((ended) => ended.code)).toEqual([0, 0]);
    expect(go.builds()).toBe(1);
    const talk = both.map((ended) => ended.talk).join('\n');
    expect(talk).toContain('building the Temporal server from source');
    expect(talk).toMatch(/still building/);
    expect(talk).toMatch(/waiting for/);
    stopBehind(one, two);
  });

  test('a machine where nothing works is told what to install', async () => {
    const broken = standIn('go', 'echo "no module proxy" >&2; exit 1');
    const ended = await run(newHome(), [], {
      MUSTER_CACHE_DIR: newCache(),
      PATH: bare(broken),
      MUSTER_TEMPORAL_DOWNLOAD_BASE: noDownload,
    });
    expect(ended).toMatchObject({ code: 5, out: '' });
    expect(ended.talk).toContain('Go 1.26.4');
  });
});

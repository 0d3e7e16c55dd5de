// The fences between rooms and floors hold. A house of small files breaks each once and keeps to each once; it is looked
// at in one go, and every file must have exactly the rule in red that it breaks.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const bin = (command: string): string => join(ROOT, 'node_modules/.bin', command);

/** Said here once more, so that a room that is let in by mistake is seen. */
const MAY_IMPORT: Record<string, string> = {
  protocol: '',
  workflows: 'protocol',
  documents: 'protocol store',
  activities: 'protocol documents store telemetry',
  store: 'protocol',
  codec: 'protocol',
  telemetry: 'protocol',
  settings: '',
  worker: 'protocol settings documents activities store codec telemetry',
  client: 'protocol settings store codec telemetry',
  gateway: 'protocol settings client worker store codec telemetry',
  simulator: '',
  testing: 'protocol activities simulator',
  examples: '',
};
const ROOMS = [...Object.keys(MAY_IMPORT), 'bench', 'test'];

/** From the top down; what stands between two signs are neighbours. */
const FLOORS: Record<string, string> = {
  activities: '. > lifecycle > agents notify > loop > evidence tools > models > text',
  'activities/tools': 'mcp > .',
  'activities/text': 'prompts > .',
  documents: '. > thread > search > index > sources > web > extract > jobs',
  'documents/extract': 'files > office > .',
  workflows: '. > commands > state',
  client: 'cli > stack http > .',
  gateway: '. > routes > live doors > wire',
  protocol: 'schemas > .',
  'simulator/brain': '. > report fields > quotes > request > question > text > words',
};

/** File, what it imports, and the rule that it breaks, if any. */
type Case = readonly [file: string, imported: string, rule?: string];

const ODD: Case[] = [
  ['workflows/one.ts', 'workflows/other.ts', 'no-circles'],
  // A circle is named once, by the file that it was met at first.
  ['workflows/other.ts', 'workflows/one.ts'],
  ...Object.keys(FLOORS).map((folder): Case => [
    `${folder}/new/new.ts`,
    `${folder}/new/aim.ts`,
    `no floor of ${folder}`,
  ]),
  ['protocol/zod.ts', 'zod', 'packages of protocol'],
  ['protocol/fs.ts', 'node:fs', 'packages of protocol'],
  ['protocol/schemas/zod.ts', 'zod'],
  ['protocol/schemas/hash.ts', 'node:crypto'],
  ['protocol/schemas/fs.ts', 'node:fs', 'packages of protocol/schemas'],
  ['workflows/fs.ts', 'node:fs', 'packages of workflows'],
  ['workflows/zod.ts', 'zod', 'packages of workflows'],
  ['workflows/client.ts', '@temporalio/client', 'packages of workflows'],
  ['workflows/sdk.ts', '@temporalio/workflow'],
  ['documents/activity.ts', '@temporalio/activity', 'packages of documents'],
  ['documents/openai.ts', 'openai', 'packages of documents'],
  ['activities/worker.ts', '@temporalio/worker', 'packages of activities'],
  ['activities/sdk.ts', '@temporalio/activity'],
  ['store/client.ts', '@temporalio/client', 'packages of store'],
  ['store/pg.ts', 'pg'],
  ['settings/http.ts', 'node:http', 'packages of settings'],
  ['settings/tls.ts', 'node:tls'],
  ['client/openai.ts', 'openai', 'packages of client'],
  ['client/http/fs.ts', 'node:fs', 'packages of client/http'],
  ['client/http/hash.ts', 'protocol/schemas/aim.ts', 'client-without-node'],
  ['client/http/connect.ts', 'client/connect.ts', 'client-without-node'],
  ['client/http/late.ts', 'client/errors.ts'],
  ['client/worker.ts', '@temporalio/worker', 'packages of client'],
  ['client/sdk.ts', '@temporalio/client'],
  ['gateway/openai.ts', 'openai', 'packages of gateway'],
  ['gateway/sdk.ts', '@temporalio/client'],
  ['workflows/hash.ts', 'protocol/schemas/aim.ts', 'workflows-sandbox'],
  ['workflows/metrics.ts', 'telemetry/aim.ts', 'workflows-sandbox'],
  ['workflows/spans.ts', 'telemetry/workflow-aim.ts'],
  ['telemetry/workflow-fs.ts', 'node:fs', 'packages of telemetry/workflow'],
  ['telemetry/workflow-sdk.ts', '@temporalio/workflow'],
  ['telemetry/workflow-spans.ts', 'telemetry/aim.ts', 'telemetry-sandbox'],
  ['telemetry/spans.ts', 'telemetry/workflow-aim.ts'],
  ['store/store.ts', 'store/names.ts', 'store-contract'],
  ['store/file-log.ts', 'store/postgres-log.ts', 'store-of-files'],
  ['store/postgres-log.ts', 'store/file-aim.ts', 'store-of-postgres'],
  ['store/open-store.ts', 'store/postgres-log.ts'],
  ['client/cli/render/table.ts', 'client/cli/commands/aim.ts', 'client/cli/commands'],
  ['client/cli/program.ts', 'client/cli/commands/aim.ts'],
  ['client/cli/render/follow.ts', 'client/cli/aim.ts', 'client/cli/render'],
  ['client/cli/render/io.ts', 'client/cli/terminal/aim.ts'],
  ['client/cli/terminal/open.ts', 'client/cli/aim.ts', 'client/cli/terminal'],
  ['client/cli/terminal/tree.ts', 'client/cli/render/aim.ts', 'client/cli/terminal'],
  ['client/cli/terminal/table.ts', 'client/cli/commands/aim.ts', 'client/cli/commands'],
  ['simulator/brain/server.ts', 'simulator/aim.ts', 'simulator/brain'],
  ['simulator/brain/says.ts', 'simulator/wire.ts'],
];

const betweenRooms = Object.entries(MAY_IMPORT).flatMap(([room, may]) =>
  ROOMS.filter((other) => other !== room && !(room === 'workflows' && other === 'telemetry')).map((other): Case =>
    may.split(' ').includes(other)
      ? [`${room}/may-${other}.ts`, `${other}/aim.ts`]
      : [`${room}/to-${other}.ts`, `${other}/aim.ts`, `room ${room}`],
  ),
);

/** Of a floor below not all may be imported: what may is among the odd ones. */
const NARROWER: Record<string, string> = { 'client/http > client': 'client-without-node' };

const betweenFloors = Object.entries(FLOORS).flatMap(([folder, tower]) => {
  const storeys = tower.split(' > ').map((storey) => storey.split(' '));
  const level = (floor: string): number => storeys.findIndex((storey) => storey.includes(floor));
  const floors = storeys.flat();
  return floors.flatMap((from) =>
    floors
      .filter((to) => to !== from)
      .map((to): Case => {
        const name = to === '.' ? 'itself' : to;
        const imported = join(folder, to, 'aim.ts');
        const rule =
          level(from) < level(to) ? NARROWER[`${join(folder, from)} > ${join(folder, to)}`] : `floor ${folder}/${from}`;
        const file = join(folder, from, `${level(from) < level(to) ? 'may' : 'to'}-${name}-floor.ts`);
        return rule === undefined ? [file, imported] : [file, imported, rule];
      }),
  );
});

const CASES = [...ODD, ...betweenRooms, ...betweenFloors];

describe('the fences', () => {
  let house: string;
  beforeAll(() => {
    house = mkdtempSync(join(tmpdir(), 'muster-house-'));
    for (const item of ['.dependency-cruiser.mjs', 'tsconfig.base.json', 'package.json'])
      copyFileSync(join(ROOT, item), join(house, item));
    symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
  });
  afterAll(() => rmSync(house, { recursive: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  };

  test('let the house as it is through', () => {
    expect(() => execFileSync('npm', ['run', '--silent', 'check:fences'], { cwd: ROOT, stdio: 'pipe' })).not.toThrow();
  });

  test('stop each import that they are there for, and no other; none stands there for nothing', () => {
    const ours = new RegExp(`^(${ROOMS.join('|')})/`);
    for (const [, imported] of CASES) if (ours.test(imported)) write(imported, 'export const aim = 1;\n');
    for (const [file, imported] of CASES) {
      const path = ours.test(imported) ? relative(dirname(file), imported) : imported;
      const from = ours.test(imported) && !path.startsWith('.') ? `./${path}` : path;
      write(file, `import * as seen from '${from}';\nexport const aim = seen;\n`);
    }
    const { stdout } = spawnSync(bin('depcruise'), ['--output-type', 'json', ...ROOMS], {
      cwd: house,
      encoding: 'utf8',
      maxBuffer: 100_000_000,
    });
    const { summary } = JSON.parse(stdout) as {
      summary: {
        violations: { from: string; rule: { name: string } }[];
        ruleSetUsed: { forbidden: { name: string }[] };
      };
    };
    const seen = summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`).sort();
    const expected = CASES.flatMap(([file, , rule]) => (rule === undefined ? [] : [`${file}: ${rule}`])).sort();
    expect(seen).toEqual(expected);
    const tried = new Set(CASES.map(([, , rule]) => rule));
    expect(summary.ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  test.each([
    ['workflows', 'Buffer', 'export const x = Buffer.from("");\n'],
    ['protocol', 'process', 'export const x = process.env;\n'],
  ])('keep Node’s types out of %s', (room, named, text) => {
    const own = mkdtempSync(join(house, 'types-'));
    for (const item of ['tsconfig.base.json', 'protocol/tsconfig.json', 'workflows/tsconfig.json']) {
      mkdirSync(dirname(join(own, item)), { recursive: true });
      copyFileSync(join(ROOT, item), join(own, item));
    }
    const check = () =>
      spawnSync(bin('tsc'), ['-p', room, '--noEmit', '--composite', 'false'], { cwd: own, encoding: 'utf8' }).stdout;
    writeFileSync(join(own, room, 'bad.ts'), text);
    expect(check()).toMatch(new RegExp(`^${room}/bad\\.ts.*'${named}'`, 'm'));
  });
});

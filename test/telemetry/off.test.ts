// Where no variable asks for traces, no process loads a part of OpenTelemetry.

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** The packages that are loaded with these modules. */
function loadedWith(...modules: string[]): string[] {
  const script = `
    import Module from 'node:module';
    for (const path of ${JSON.stringify(modules)}) await import(path);
    process.stdout.write(JSON.stringify(Object.keys(Module._cache)));
    process.exit();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: ROOT,
    env: { PATH: process.env.PATH },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

const TELEMETRY = /node_modules\/@opentelemetry\//;
const at = (path: string): string => resolve(ROOT, 'dist', path);

test('a worker, a gateway and a client that nothing asks for traces load no part of OpenTelemetry', () => {
  const loaded = loadedWith(
    at('worker/index.js'),
    at('worker/export-traces.js'),
    at('worker/configured-activities.js'),
    at('gateway/index.js'),
    at('gateway/request-spans.js'),
    at('client/index.js'),
    at('telemetry/otlp.js'),
  );
  expect(loaded.length).toBeGreaterThan(100);
  expect(loaded.filter((path) => TELEMETRY.test(path))).toEqual([]);
});

test('… which would be seen: the exporter is CommonJS, as all of it is', () => {
  expect(loadedWith('@opentelemetry/exporter-trace-otlp-proto').some((path) => TELEMETRY.test(path))).toBe(true);
});

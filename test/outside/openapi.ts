// openapi.ts: the OpenAPI document and the gateway behind it, judged by tools of others: redocly reads the document, and
// schemathesis makes five thousand requests from it. `npm run test:outside`; needs python3 and the registries.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { openApiDocument } from '../../gateway/routes/openapi.ts';
import type { AccessEntry } from '../../gateway/index.ts';
import { testDeployment } from '../rig/deployment.ts';
import { testGateway } from '../rig/gateway.ts';

const SCHEMATHESIS = 'schemathesis==4.32.5';
const REDOCLY = '@redocly/cli@2.77.0';
const CACHE = resolve(__dirname, '../../node_modules/.cache/muster-outside');
const REQUESTS = 5_000;
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'muster-outside-'));

test('redocly finds no fault in the document', async () => {
  const path = join(folder, 'openapi.json');
  await writeFile(path, JSON.stringify(openApiDocument('/'), undefined, 1));
  // A health check has nothing to refuse.
  const rules = ['--skip-rule', 'operation-4xx-response'];
  const { stdout, stderr } = await run('npx', ['--yes', REDOCLY, 'lint', path, '--extends', 'recommended', ...rules], {
    cwd: folder,
  });
  expect(stdout + stderr).toContain('Your API description is valid');
  expect(stdout + stderr).not.toMatch(/You have \d+ warning/);
});

/** Its own environment, made once. */
function schemathesis(): string {
  const program = join(CACHE, 'bin/schemathesis');
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', CACHE]);
    execFileSync(join(CACHE, 'bin/pip'), ['install', '-q', SCHEMATHESIS]);
  }
  return program;
}

test('schemathesis makes five thousand requests, and gets no 5xx', async () => {
  const program = schemathesis();
  const it_ = await testDeployment();
  const seen: AccessEntry[] = [];
  const api = await testGateway(it_, { onRequest: (entry) => void seen.push(entry) });
  let said = '';
  for (let seed = 1; seen.length < REQUESTS; seed += 1) {
    const args = [
      'run',
      `${api.url}/openapi.json`,
      '--checks',
      'not_a_server_error',
      '--workers',
      '4',
      '--max-examples',
      '200',
    ];
    const more = [
      '--phases',
      'examples,coverage,fuzzing',
      '--seed',
      String(seed),
      '--request-timeout',
      '20',
      '--no-color',
    ];
    said += await run(program, [...args, ...more], { cwd: folder, maxBuffer: 1e8 }).then(
      ({ stdout }) => stdout,
      ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) => {
        // One of its own workers may break off (Python 3.11 has a fault in `ast`); what it made until then counts.
        const made = /(\d+) generated, (\d+) passed/.exec(stdout);
        if (made && made[1] === made[2]) return stdout;
        throw new Error(`${stdout}${stderr}`.slice(-6_000));
      },
    );
  }
  const bad = seen.filter(({ status }) => status >= 500);
  expect(bad.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([]);
  expect(api.errors).toEqual([]);
  expect(said).not.toMatch(/not_a_server_error.*failed/i);
  const statuses = new Set(seen.map(({ status }) => status));
  for (const status of [200, 202, 404, 422]) expect(statuses).toContain(status);
  await api.close();
  await it_.stop();
});

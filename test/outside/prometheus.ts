// The metrics, the rules and the dashboard, judged by a real Prometheus: promtool reads the rules, and after a run in which
// everything happens that is counted Prometheus answers each query of the dashboard. `npm run test:outside`; needs `prometheus` and
// `promtool` on the PATH (Debian's package `prometheus` has both) or in the folder that MUSTER_PROMETHEUS names.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { METRICS, type Metric } from '../../telemetry/metrics/names.ts';
import { freePort } from '../rig/free-port.ts';
import { startMetricsRun, type MetricsRun } from '../rig/metrics-run.ts';

const DOCS = resolve(__dirname, '../../docs/metrics');
const ALERTS = join(DOCS, 'alerts.yml');
const SECONDS_A_SCRAPE = 1;
/** What Grafana puts there at this pace. */
const RATE_INTERVAL = '60s';

const missing = ['prometheus', 'promtool'].filter((name) => pathOf(name) === undefined);
const withPrometheus = missing.length === 0 ? test : test.skip;
if (missing.length > 0)
  process.stderr.write(
    `not run: ${missing.join(' and ')} missing (apt-get install prometheus, or MUSTER_PROMETHEUS)\n`,
  );

function pathOf(name: string): string | undefined {
  const folder = process.env.MUSTER_PROMETHEUS;
  const program = folder === undefined ? name : join(folder, name);
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return program;
  } catch {
    return undefined;
  }
}

interface Panel {
  title: string;
  targets?: { expr: string; legendFormat: string }[];
}

const dashboard = JSON.parse(readFileSync(join(DOCS, 'dashboard.json'), 'utf8')) as { panels: Panel[] };
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr: expr.replaceAll('$__rate_interval', RATE_INTERVAL) })),
);

withPrometheus('promtool finds no fault in the rules', () => {
  const said = execFileSync(pathOf('promtool') ?? '', ['check', 'rules', ALERTS]).toString();
  expect(said).toMatch(/SUCCESS: \d+ rules found/);
});

withPrometheus(
  'as many workers are wanted as the lane needs that needs most, also while nobody knows what waits',
  () => {
    const row = (name: string, values: string, more = '') => ({
      series: `muster_${name}{instance="a"${more}}`,
      values,
    });
    const lane = (queue: string, running: number, slots: number, backlog: string) => [
      row('activities_running', `${running}x9`, `,queue="${queue}"`),
      row('activity_slots', `${slots}x9`, `,queue="${queue}"`),
      row('queue_backlog', backlog, `,queue="${queue}",type="activity"`),
    ];
    const wanted = (eval_time: string, value: number) => ({
      expr: 'muster:workers_wanted',
      eval_time,
      exp_samples: [{ labels: 'muster:workers_wanted', value }],
    });
    const file = join(mkdtempSync(join(tmpdir(), 'muster-rules-')), 'test.yml');
    const series = [
      ...lane('deep', 10, 100, '0 stale'),
      ...lane('fast', 20, 16, '20 stale'),
      row('warm_workers_min', '1x9'),
    ];
    writeFileSync(
      file,
      JSON.stringify({
        rule_files: [ALERTS],
        tests: [
          { interval: '1m', input_series: series, promql_expr_test: [wanted('0m', 3), wanted('1m', 2)] },
          // No worker is about, and none has to be: a task that waits wants one, and none without it.
          {
            interval: '1m',
            input_series: [
              row('queue_backlog', '4 0', ',queue="deep",type="workflow"'),
              row('warm_workers_min', '0x9'),
            ],
            promql_expr_test: [wanted('0m', 1), wanted('1m', 0)],
          },
        ],
      }),
    );
    expect(execFileSync(pathOf('promtool') ?? '', ['test', 'rules', file]).toString()).toContain('SUCCESS');
  },
);

describe('a real Prometheus', () => {
  let run: MetricsRun;
  let prometheus: ChildProcess;
  let url: string;
  /** Seconds since the epoch. */
  let began: number;

  const ask = async <T>(path: string): Promise<T> => {
    const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as { status: string; error?: string; data: T };
    expect(answer).toMatchObject({ status: 'success' });
    return answer.data;
  };
  const query = async (expr: string): Promise<number[]> => {
    const { result } = await ask<{ result: { value: [number, string] }[] }>(`query?query=${encodeURIComponent(expr)}`);
    return result.map(({ value }) => Number(value[1]));
  };

  beforeAll(async () => {
    if (missing.length > 0) return;
    run = await startMetricsRun();
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'muster-prometheus-'));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: `${SECONDS_A_SCRAPE}s`, evaluation_interval: `${SECONDS_A_SCRAPE}s` },
        rule_files: [ALERTS],
        scrape_configs: [{ job_name: 'muster', static_configs: [{ targets: run.targets }] }],
      }),
    );
    url = `http://127.0.0.1:${port}`;
    const listen = `--web.listen-address=127.0.0.1:${port}`;
    prometheus = spawn(
      pathOf('prometheus') ?? '',
      [`--config.file=${config}`, `--storage.tsdb.path=${folder}`, listen],
      {
        stdio: 'ignore',
      },
    );
    await untilOk(`${url}/-/ready`);
    // It must have seen the numbers before they rise.
    await untilTrue(async () => (await query('sum(up)'))[0] === run.targets.length);
    began = Date.now() / 1e3;
    await run.happens();
    await untilTrue(async () => ((await query('sum(increase(muster_tasks_total[5m]))'))[0] ?? 0) > 0);
    // Read of the class history once a minute at most, and there was none before.
    for (const gauge of ['muster_slo_attained_ratio', 'muster_misroutes', 'muster_eta_coverage_ratio'])
      await untilTrue(async () => (await query(`count(${gauge})`)).length > 0);
    // By then the rates of the last minute are empty again.
    await run.happens();
    await new Promise((done) => setTimeout(done, 3_000 * SECONDS_A_SCRAPE));
  }, 300_000);
  afterAll(async () => {
    if (missing.length > 0) return;
    const gone = new Promise((done) => prometheus.once('exit', done));
    prometheus.kill('SIGTERM');
    await gone;
    await run.stop();
  });

  withPrometheus('has every metric of the table after a run in which all happens', async () => {
    const names = new Set(await ask<string[]>('label/__name__/values'));
    const expected = (Object.entries(METRICS) as [string, Metric][]).map(([name, { type }]) =>
      type === 'histogram' ? `${name}_bucket` : name,
    );
    expect(expected.filter((name) => !names.has(name))).toEqual([]);
  });

  withPrometheus('answers every query of the dashboard with numbers', async () => {
    const empty: string[] = [];
    for (const { title, expr } of queries) {
      const numbers = (await query(expr)).filter(Number.isFinite);
      if (numbers.length === 0) empty.push(`${title}: ${expr}`);
    }
    expect(empty).toEqual([]);
  });

  withPrometheus('evaluates every rule, and says how many workers are wanted', async () => {
    const { groups } = await ask<{ groups: { rules: { name: string; health: string; lastError?: string }[] }[] }>(
      'rules',
    );
    const rules = groups.flatMap((one) => one.rules);
    expect(rules.length).toBeGreaterThan(12);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(await query('muster:workers_wanted')).toEqual([1]);
  });

  /** `MUSTER_PICTURE=docs/metrics/dashboard.svg npm run test:outside` draws the picture of the docs anew. */
  withPrometheus('draws the dashboard', async () => {
    const { drawDashboard } = await import('../rig/draw-dashboard.ts');
    const picture = process.env.MUSTER_PICTURE;
    for (let n = 0; n < (picture === undefined ? 0 : 4); n += 1) await run.happens();
    const to = picture ?? join(mkdtempSync(join(tmpdir(), 'muster-picture-')), 'dashboard.svg');
    await drawDashboard(url, to, '20s', began);
    const drawn = readFileSync(to, 'utf8');
    for (const { title, targets } of dashboard.panels) if (targets) expect(drawn).toContain(`>${title}<`);
    expect(drawn.match(/<path d="M[^"]*L/g)?.length).toBeGreaterThan(20);
  });
});

async function untilOk(address: string): Promise<void> {
  await untilTrue(async () => (await fetch(address).catch(() => undefined))?.ok === true);
}

async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; !(await holds());) {
    if (Date.now() > end) throw new Error('it did not come to be within two minutes');
    await new Promise((done) => setTimeout(done, 200));
  }
}

// draw-dashboard.ts: the dashboard as an SVG, from what a real Prometheus answers to its queries: for the docs, where no Grafana
// is at hand. A panel is a line for each series, and numbers where it is a number.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Target {
  expr: string;
  legendFormat: string;
}

interface Panel {
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Target[];
  fieldConfig?: { defaults: { unit: string } };
}

interface Line {
  name: string;
  points: [number, number][];
}

const COLUMN = 56;
const ROW = 24;
const COLOURS = ['#3b6fb6', '#c2571a', '#2f8f4e', '#8a4fb0', '#b8890b', '#b23a48', '#3a8f9e', '#6b6b6b'];
const STEP_SECONDS = 1;

/** Asks for what was since then, in seconds since the epoch, and writes the picture. */
export async function drawDashboard(url: string, to: string, rateInterval: string, since: number): Promise<void> {
  const text = readFileSync(resolve(__dirname, '../../docs/metrics/dashboard.json'), 'utf8');
  const { panels } = JSON.parse(text) as { panels: Panel[] };
  const end = Date.now() / 1e3;
  const ask = async ({ expr, legendFormat }: Target): Promise<Line[]> => {
    const query = encodeURIComponent(expr.replaceAll('$__rate_interval', rateInterval));
    const range = `start=${since}&end=${end}&step=${STEP_SECONDS}`;
    const answer = (await (await fetch(`${url}/api/v1/query_range?query=${query}&${range}`)).json()) as {
      data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
    };
    return answer.data.result.map(({ metric, values }) => ({
      name: legendFormat.replaceAll(/\{\{(\w+)\}\}/g, (_all, label: string) => metric[label] ?? ''),
      points: values.flatMap(([at, value]): [number, number][] =>
        Number.isFinite(Number(value)) ? [[at, Number(value)]] : [],
      ),
    }));
  };
  const drawn = await Promise.all(
    panels.map(async (panel) => {
      const lines = (await Promise.all((panel.targets ?? []).map(ask)))
        .flat()
        .filter(({ points }) => points.length > 0);
      return panelSvg(panel, lines, [since, end]);
    }),
  );
  const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * ROW + 16;
  writeFileSync(
    to,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${24 * COLUMN} ${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#f4f5f5"/>
${drawn.join('\n')}
</svg>
`,
  );
}

function panelSvg({ type, title, gridPos, fieldConfig }: Panel, lines: Line[], span: [number, number]): string {
  const [x, y, w, h] = [gridPos.x * COLUMN + 4, gridPos.y * ROW + 4, gridPos.w * COLUMN - 8, gridPos.h * ROW - 8];
  if (type === 'row')
    return `<text x="${x + 2}" y="${y + 14}" font-size="14" font-weight="bold">${escaped(title)}</text>`;
  const unit = fieldConfig?.defaults.unit ?? 'short';
  const body =
    type === 'timeseries' ? curves(lines, span, unit, [x + 44, y + 24, w - 54, h - 62]) : numbers(lines, unit, x, y);
  return `<g><rect x="${x}" y="${y}" width="${w}" height="${h}" fill="#fff" stroke="#d5d7da" rx="3"/>
<text x="${x + 8}" y="${y + 16}" font-weight="bold">${escaped(title)}</text>
${body}
${type === 'timeseries' ? legend(lines, x + 8, y + h - 24, w - 16) : ''}</g>`;
}

function curves(
  lines: Line[],
  [from, to]: [number, number],
  unit: string,
  [x, y, w, h]: [number, number, number, number],
): string {
  const top = Math.max(...lines.flatMap(({ points }) => points.map(([, value]) => value)), 0) || 1;
  const grid = [0, 0.5, 1].map((part) => {
    const at = y + h - part * h;
    return `<path d="M${x} ${at}h${w}" stroke="#e6e7e9"/><text x="${x - 4}" y="${at + 4}" text-anchor="end" fill="#666" font-size="9">${shown(part * top, unit)}</text>`;
  });
  const drawn = lines.map(({ points }, n) => {
    const path = points.map(
      ([at, value], i) =>
        `${i === 0 ? 'M' : 'L'}${(x + ((at - from) / (to - from)) * w).toFixed(1)} ${(y + h - (value / top) * h).toFixed(1)}`,
    );
    return `<path d="${path.join('')}" fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="1.4"/>`;
  });
  return [...grid, ...drawn].join('\n');
}

const CHAR = 5.6;
const ROWS = 2;

function legend(lines: Line[], x: number, y: number, w: number): string {
  let [at, row] = [0, 0];
  return lines
    .map(({ name }, n) => {
      const wide = 14 + name.length * CHAR;
      if (at + wide > w) [at, row] = [0, row + 1];
      const [left, top] = [x + at, y + row * 13];
      at += wide;
      if (row >= ROWS) return '';
      return `<path d="M${left} ${top}h8" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="3"/><text x="${left + 11}" y="${top + 3}" font-size="9.5">${escaped(name)}</text>`;
    })
    .join('');
}

const numbers = (lines: Line[], unit: string, x: number, y: number): string =>
  lines
    .map(({ name, points }, n) => {
      const last = points.at(-1)?.[1] ?? 0;
      return `<text x="${x + 12}" y="${y + 40 + n * 20}">${escaped(name)}</text><text x="${x + 150}" y="${y + 40 + n * 20}" font-size="15" fill="${COLOURS[0]}">${shown(last, unit)}</text>`;
    })
    .join('\n');

function shown(value: number, unit: string): string {
  const short = (one: number): string => String(Number(one.toPrecision(3)));
  if (unit === 's') return value === 0 ? '0 s' : value < 1 ? `${short(value * 1e3)} ms` : `${short(value)} s`;
  if (unit === 'bytes') return `${short(value / 1e6)} MB`;
  if (unit === 'percentunit') return `${short(value * 100)} %`;
  if (unit === 'currencyUSD') return `$ ${short(value)}`;
  return short(value);
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// What the standard variables ask for, and which traces are kept.

import { traceIdOf } from '../../telemetry/trace-context.ts';
import { isSampled, traceSettings } from '../../telemetry/trace-settings.ts';

const AT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

const read = (env: Record<string, string>) => {
  const said: string[] = [];
  return { settings: traceSettings(env, (line) => said.push(line)), said };
};

test.each([
  ['nothing is said', {}],
  ['only the service has a name', { OTEL_SERVICE_NAME: 'x' }],
  ['only metrics go out', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: AT.OTEL_EXPORTER_OTLP_ENDPOINT }],
  ['the SDK is switched off', { ...AT, OTEL_SDK_DISABLED: 'true' }],
  ['the exporter is none', { ...AT, OTEL_TRACES_EXPORTER: 'none' }],
])('no trace goes out where %s', (_what, env) => {
  expect(read(env)).toEqual({ settings: undefined, said: [] });
});

test.each([
  ['an endpoint is named', AT],
  ['one of traces is named', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }],
  ['the exporter is otlp', { OTEL_TRACES_EXPORTER: 'otlp' }],
])('traces go out whole and without contents where %s', (_what, env) => {
  expect(read(env)).toEqual({
    settings: { protocol: 'http/protobuf', sampler: { ratio: 1, heedsCaller: true }, withContent: false },
    said: [],
  });
});

test.each([
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /is "grpc"; http\/protobuf/],
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /is "zipkin"/],
  [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, /all traces are kept/],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'half' }, /must be 0 to 1/],
])('%j is not obeyed, and that is said', (env, words) => {
  expect(read({ ...AT, ...env }).said).toEqual([expect.stringMatching(words)]);
});

test('a share of the traces is kept, the same ones by everybody, and a caller’s decision counts where it may', () => {
  const sampler = read({ ...AT, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' })
    .settings?.sampler;
  if (!sampler) throw new Error('off');
  const ids = Array.from({ length: 4_000 }, (_one, n) => traceIdOf(`task-${n}`));
  const kept = ids.filter((id) => isSampled(sampler, id));
  expect(kept.length).toBeGreaterThan(850);
  expect(kept.length).toBeLessThan(1_150);
  expect(ids.filter((id) => isSampled(sampler, id))).toEqual(kept);
  expect(ids.every((id) => isSampled(sampler, id, true))).toBe(true);
  expect(ids.some((id) => isSampled(sampler, id, false))).toBe(false);
  expect(isSampled({ ...sampler, heedsCaller: false, ratio: 0 }, ids[0] ?? '', true)).toBe(false);
});

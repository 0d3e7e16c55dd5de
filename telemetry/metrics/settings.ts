// settings.ts: what the OTEL_ variables say of metrics: sent by OTLP when they name where to, and else not at all.

type Env = Readonly<Record<string, string | undefined>>;

export interface OtlpSettings {
  everyMs: number;
  /** Of metrics, for who sends some of their own: the address that OTLP over HTTP posts to. */
  url: string;
}

const EVERY_MS = 60_000;

/** Undefined: nobody asks for metrics by OTLP. */
export function otlpSettings(env: Env): OtlpSettings | undefined {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  // Some set several, as the specification allows.
  const exporters = env.OTEL_METRICS_EXPORTER?.split(',').map((one) => one.trim()) ?? ['otlp'];
  if (!exporters.includes('otlp')) return undefined;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
  const url = env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT ?? (base === undefined ? undefined : `${base}/v1/metrics`);
  if (!url) return undefined;
  const every = Number(env.OTEL_METRIC_EXPORT_INTERVAL ?? EVERY_MS);
  return { url, everyMs: Number.isFinite(every) && every >= 100 ? every : EVERY_MS };
}

// trace-settings.ts: whether spans go anywhere, and which: a pure function of OpenTelemetry's standard variables. Where, with which
// headers and how long, the exporter reads of the same variables itself.

type Environment = Readonly<Record<string, string | undefined>>;

export interface TraceSettings {
  /** How OTLP over HTTP is written. */
  protocol: 'http/protobuf' | 'http/json';
  sampler: Sampler;
  /** Prompts, answers, titles and messages of failures go out, too. */
  withContent: boolean;
}

export interface Sampler {
  /** Share of the traces that no caller decided about: 0 to 1. */
  ratio: number;
  /** Whether a caller's own decision counts. */
  heedsCaller: boolean;
}

const RATIOS: Readonly<Record<string, (ratio: number) => number>> = {
  always_on: () => 1,
  always_off: () => 0,
  traceidratio: (ratio) => ratio,
};

/**
 * Undefined where nothing asks for spans, or somebody switched them off.
 * @param env without empty variables.
 * @param say told, in one line, of a value that can't be used, and what is done instead.
 */
export function traceSettings(env: Environment, say: (line: string) => void): TraceSettings | undefined {
  const exporter = env.OTEL_TRACES_EXPORTER;
  const isAsked =
    exporter === 'otlp' ||
    (exporter === undefined &&
      (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined);
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || exporter === 'none') return undefined;
  if (exporter !== undefined && exporter !== 'otlp') {
    say(`OTEL_TRACES_EXPORTER is "${exporter}", of which only otlp and none are known here: no traces are exported`);
    return undefined;
  }
  if (!isAsked) return undefined;
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf';
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    say(
      `OTEL_EXPORTER_OTLP_PROTOCOL is "${protocol}"; http/protobuf (port 4318) and http/json are spoken here: no traces are exported`,
    );
    return undefined;
  }
  return {
    protocol,
    sampler: samplerOf(env, say),
    withContent: env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT?.toLowerCase() === 'true',
  };
}

function samplerOf(env: Environment, say: (line: string) => void): Sampler {
  const name = env.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on';
  const heedsCaller = name.startsWith('parentbased_');
  const ratioOf = RATIOS[name.replace(/^parentbased_/, '')];
  if (!ratioOf) {
    say(`OTEL_TRACES_SAMPLER is "${name}", which is not known here: all traces are kept`);
    return { ratio: 1, heedsCaller: true };
  }
  const given = Number(env.OTEL_TRACES_SAMPLER_ARG ?? 1);
  const isShare = given >= 0 && given <= 1;
  if (!isShare)
    say(`OTEL_TRACES_SAMPLER_ARG is "${env.OTEL_TRACES_SAMPLER_ARG}", it must be 0 to 1: all traces are kept`);
  return { ratio: ratioOf(isShare ? given : 1), heedsCaller };
}

/**
 * Whether a trace is kept: the same by every process that is set alike.
 * @param caller what a caller from outside decided. Default: there is none.
 */
export function isSampled({ ratio, heedsCaller }: Sampler, traceId: string, caller?: boolean): boolean {
  if (heedsCaller && caller !== undefined) return caller;
  let mixed = 0;
  for (let at = 0; at < 32; at += 8) mixed = (mixed ^ parseInt(traceId.slice(at, at + 8), 16)) >>> 0;
  return ratio === 1 || mixed < Math.floor(ratio * 0xffffffff);
}

// wire.ts: between the library's words and those on the wire: snake_case names, times as ISO 8601. One rule for all values,
// both ways. What belongs to a caller (the answer in a shape of its own) and names of models are left as they are.

type Snake<S extends string> = S extends `${infer Head}${infer Rest}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${Snake<Rest>}`
  : S;

/** Fields that hold a time as ms since the epoch; of another type under the same name they are left alone. */
type TimeField = 'at' | 'until' | 'since' | `${string}At`;

/** The same value as JSON of the API has it. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? {
          [K in keyof T as K extends string ? Snake<K> : K]: K extends 'data'
            ? T[K]
            : K extends TimeField
              ? number extends T[K]
                ? string | Exclude<T[K], number>
                : Wire<T[K]>
              : Wire<T[K]>;
        }
      : T;

/** A kind of command as the API's addresses have it: `POST /tasks/{id}/swap-model`. */
export const commandPath = (kind: string): string => kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const TIME_FIELD = /^(?:at|until|since)$|At$/;
const WIRE_TIME = /^(?:at|until|since)$|_at$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** A caller's own JSON. */
const OPAQUE = 'data';
/** Its keys are names that somebody gave, not fields. */
const NAMED_BY_KEY = new Set(['byModel', 'by_model', 'bySubtask', 'by_subtask']);

export function toWire<T>(value: T): Wire<T> {
  return converted(value, {
    key: (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    scalar: (name, inner) =>
      typeof inner === 'number' && TIME_FIELD.test(name) && isTime(inner) ? new Date(inner).toISOString() : inner,
  }) as Wire<T>;
}

/** Back again; times become ms since the epoch, also those that were a Date. */
export function fromWire<T>(value: Wire<T>): T {
  return converted(value, {
    key: (name) => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
    scalar: (name, inner) =>
      typeof inner === 'string' && WIRE_TIME.test(name) && ISO.test(inner) ? Date.parse(inner) : inner,
  }) as T;
}

interface Rules {
  key(name: string): string;
  scalar(name: string, value: unknown): unknown;
}

function converted(value: unknown, rules: Rules, name = '', keysAreFields = true): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => converted(item, rules));
  if (value === null || typeof value !== 'object') return rules.scalar(name, value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (inner === undefined) return [];
      if (!keysAreFields) return [[key, converted(inner, rules)]];
      if (key === OPAQUE) return [[key, inner]];
      return [[rules.key(key), converted(inner, rules, key, !NAMED_BY_KEY.has(key))]];
    }),
  );
}

/** What a Date can hold: a worker with a broken clock must not break its readers. */
const isTime = (ms: number): boolean => Math.abs(ms) <= 8.64e15;

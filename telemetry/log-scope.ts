// log-scope.ts: what the work that is under way is about, and where its lines go: code however deep logs with the ids of its task,
// its subtask and its call without being handed any of them.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogFields, LogLevel } from '../protocol/log-line.ts';

/** **Contract:** must not throw. */
export type LogSink = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields: LogFields) => void;

interface Scope {
  fields: LogFields;
  sink?: LogSink;
}

const scope = new AsyncLocalStorage<Scope>();

/**
 * Runs `work`; lines that it writes carry these fields, and those of the scope around it.
 * @param sink where `logHere` writes inside. Default: as around it.
 */
export function withLogFields<T>(fields: LogFields, work: () => T, sink?: LogSink): T {
  const around = scope.getStore();
  return scope.run({ ...around, fields: { ...around?.fields, ...fields }, ...(sink ? { sink } : {}) }, work);
}

/** The fields of the work that is under way here; none outside of any. */
export const scopeFields = (): LogFields => scope.getStore()?.fields ?? {};

/** Writes a line about the work that is under way here; nothing where nobody logs it. */
export const logHere = (level: Exclude<LogLevel, 'fatal'>, message: string, fields: LogFields = {}): void =>
  scope.getStore()?.sink?.(level, message, fields);

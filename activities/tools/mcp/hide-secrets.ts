// hide-secrets.ts: takes what a server was trusted with out of what it says: headers, and its environment. A server that
// prints its own key in an error would otherwise put it into a log, and before a model.

import type { McpServerConfig } from '../../../protocol/schemas/tools.ts';

/** What shorter values say is no secret, and stands in many a sentence. */
const LEAST_CHARS = 6;
/** Of an authorization header the word before the key. */
const SCHEME = /^(?:bearer|basic|digest|token|apikey|negotiate)$/i;
const SECRET_NAME = /key|token|secret|pass|auth|credential|cookie|_pat$/i;

/**
 * @returns the text without them: in errors all values are hidden, in results those whose names say that they are secret;
 *   others, a folder for one, are what a result may be about.
 */
export function hideSecrets(config: McpServerConfig): (text: string, where: 'error' | 'result') => string {
  const given: [string, string][] =
    'url' in config ? Object.entries(config.headers ?? {}) : Object.entries(config.env ?? {});
  const parts = given.flatMap(([name, value]) =>
    [value, ...value.split(/\s+/)]
      .filter((part) => part.length >= LEAST_CHARS && !SCHEME.test(part))
      .map((part) => ({ name, part })),
  );
  // The longest first: one may be part of another.
  parts.sort((a, b) => b.part.length - a.part.length);
  return (text, where) =>
    parts
      .filter(({ name }) => where === 'error' || SECRET_NAME.test(name))
      .reduce((left, { part }) => left.replaceAll(part, '…'), text);
}

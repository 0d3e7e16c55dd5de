// hide-secrets.ts: takes what a server was trusted with out of what it says: headers, and its environment. A server that
// prints its own key in an error would otherwise put it into a log, and before a model.

import { isSecretName, partsOf } from '../../../protocol/secrets.ts';
import type { McpServerConfig } from '../../../protocol/schemas/tools.ts';

/**
 * @returns the text without them: in errors all values are hidden, in results those whose names say that they are secret;
 *   others, a folder for one, are what a result may be about.
 */
export function hideSecrets(config: McpServerConfig): (text: string, where: 'error' | 'result') => string {
  const parts = givenTo(config).flatMap(([name, value]) => partsOf(value).map((part) => ({ name, part })));
  // The longest first: one may be part of another.
  parts.sort((a, b) => b.part.length - a.part.length);
  return (text, where) =>
    parts
      .filter(({ name }) => where === 'error' || isSecretName(name))
      .reduce((left, { part }) => left.replaceAll(part, '…'), text);
}

/** What these servers are trusted with and no log may hold. */
export const secretsOfMcp = (servers: readonly McpServerConfig[]): string[] =>
  servers
    .flatMap(givenTo)
    .filter(([name]) => isSecretName(name))
    .flatMap(([, value]) => partsOf(value));

const givenTo = (config: McpServerConfig): [string, string][] =>
  'url' in config ? Object.entries(config.headers ?? {}) : Object.entries(config.env ?? {});

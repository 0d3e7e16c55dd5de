// source-names.ts: the names that documents go by when a request names several sources.

import { sep } from 'node:path';

/**
 * A label for each path: its last part, or as many of its last parts as tell it from the others.
 * One path alone needs none.
 */
export function sourceLabels(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(sep).filter((part) => part !== ''));
  return parts.map((own) => {
    for (let count = 1; count < own.length; count += 1) {
      const label = own.slice(-count).join('/');
      if (parts.filter((other) => other.slice(-count).join('/') === label).length === 1) return label;
    }
    return own.join('/') || 'root';
  });
}

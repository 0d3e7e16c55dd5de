// What a browser loads of the client without gRPC: how much it is, and that it is nothing of Node or Temporal.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { minifySync } from '@swc/core';

const ENTRY = resolve(__dirname, '../../dist/client/http/index.js');
const MOST_BYTES = 21_000;

/** Each module that the entry leads to, as it was compiled. */
function modulesOf(file: string, seen = new Map<string, string>()): Map<string, string> {
  if (seen.has(file)) return seen;
  const code = readFileSync(file, 'utf8');
  seen.set(file, code);
  for (const [, from = ''] of code.matchAll(/^(?:import|export)\b[^;]*?\bfrom ['"]([^'"]+)['"]/gm)) {
    expect([file, from]).toEqual([file, expect.stringMatching(/^\.{1,2}\//)]);
    modulesOf(resolve(dirname(file), from), seen);
  }
  return seen;
}

test('the client without gRPC is under 21 kB minified, and imports nothing but its own files', () => {
  const modules = [...modulesOf(ENTRY).values()];
  // Each alone: a bundle of them, without their imports and with shorter names between them, is smaller.
  const bytes = modules.map((code) => minifySync(code, { module: true, mangle: true, compress: true }).code.length);
  expect(modules.length).toBeGreaterThan(5);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(MOST_BYTES);
});

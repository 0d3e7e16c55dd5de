// calculator.ts: the tool for arithmetic, which models are bad at. An expression of theirs may be made to run for ever
// or to want all memory, so it runs in a thread that is stopped.

import { z } from 'zod';
import { BoundedThread, JobStoppedError } from '../../documents/jobs/bounded-thread.ts';
import { defineTool } from './tool.ts';

const MAX_CHARS = 500;
const LIMIT_MS = 100;

const thread = new BoundedThread<string, string>({
  name: 'muster-calculator',
  entry: compiledEntry(import.meta.url),
  memoryMb: 96,
});

export const calculate = defineTool({
  name: 'calculate',
  description:
    'Calculates an expression with numbers and units, to 14 digits: + - * / ^ % !, parentheses, comparisons, functions ' +
    'such as sqrt, log, sin, round, mean([1, 2]), and conversions such as "5 inch to cm". No variables.',
  input: z.object({
    expression: z.string().min(1).max(MAX_CHARS).describe('For example: (1.2 + 3) * 4 km/h to m/s'),
  }),
  sideEffects: 'none',
  isContained: true,
  execute: async ({ expression }, { signal }) => {
    try {
      return { result: await thread.run(expression, { limitMs: LIMIT_MS, signal }) };
    } catch (error) {
      if (error instanceof JobStoppedError) throw new Error(`this was stopped: ${error.message}`, { cause: error });
      throw error;
    }
  },
});

/** Ends the calculator's thread. For a worker that shuts down, and for tests. */
export const closeCalculator = (): Promise<void> => thread.close();

/** A thread runs compiled code: beside this file in dist, in dist where this file is a source (under Jest). */
function compiledEntry(here: string): URL {
  return new URL(
    here.endsWith('.ts') ? '../../dist/activities/tools/calculator-thread.js' : './calculator-thread.js',
    here,
  );
}

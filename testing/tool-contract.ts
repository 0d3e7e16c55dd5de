// tool-contract.ts: what every tool promises, checked on one that somebody wrote.

import assert from 'node:assert/strict';
import { z } from 'zod';
import { Delegation, Later, runTool, toolSchema, type Tool, type ToolContext } from '../activities/tools/tool.ts';
import { aFunction } from '../protocol/schemas/definition.ts';
import { anObject, checkCall, type Check } from './check.ts';

export interface ToolSample {
  /** Arguments that a model might send and that fit. */
  fits: unknown;
  /** Arguments that don't fit the input schema. */
  misfits: unknown;
  /** What the tool needs beside its arguments. Default: nothing but a signal. */
  context?: Partial<ToolContext>;
}

/** Milliseconds within which a tool must stop once its signal aborts. */
const STOP_MS = 2_000;

const CALL = {
  tool: z.looseObject({ name: z.string(), description: z.string(), input: anObject, execute: aFunction }),
  sample: z.strictObject({ fits: z.unknown(), misfits: z.unknown(), context: anObject.optional() }),
};

/** @throws TypeError when it is called with something else. */
export function toolContract(tool: Tool, sample: ToolSample): Check[] {
  checkCall('toolContract(tool, { fits, misfits })', { tool, sample }, CALL);
  const { fits, misfits, context = {} } = sample;
  const run = (args: unknown, signal: AbortSignal = new AbortController().signal) =>
    runTool([tool], tool.name, args, { ...context, signal });
  return [
    {
      name: `${tool.name} says to a model what it is for, in at most 1,024 characters`,
      async run() {
        assert.ok(tool.description.trim().length > 0, 'the description is empty');
        assert.ok(tool.description.length <= 1_024, `the description has ${tool.description.length} characters`);
      },
    },
    {
      name: `${tool.name} has an input schema that all providers take`,
      async run() {
        const { parameters } = toolSchema(tool);
        assert.equal(parameters.type, 'object');
        const text = JSON.stringify(parameters);
        for (const refused of [/"type":\[/, /"type":"null"/, /"(?:\$ref|oneOf|allOf)":/])
          assert.doesNotMatch(text, refused, 'some provider refuses a request with it');
      },
    },
    {
      name: `${tool.name} answers arguments that fit with something that becomes JSON`,
      async run() {
        const result = await run(JSON.stringify(fits));
        if (result instanceof Later || result instanceof Delegation) return;
        assert.ok(result.ok, `it failed: ${result.content}`);
        assert.equal(typeof result.content, 'string');
      },
    },
    {
      name: `${tool.name} takes its arguments as an object, too, as some servers send them`,
      async run() {
        const result = await run(fits);
        assert.ok(result instanceof Later || result instanceof Delegation || result.ok);
      },
    },
    {
      name: `${tool.name} tells the model what does not fit, and does not throw`,
      async run() {
        const result = await run(JSON.stringify(misfits));
        assert.ok('content' in result && !result.ok, 'arguments that don’t fit were taken');
        assert.match(result.content, /do not fit/);
      },
    },
    {
      name: `${tool.name} stops soon after its signal aborts`,
      async run() {
        const stop = new AbortController();
        const began = Date.now();
        setTimeout(() => stop.abort(new Error('stopped')), 5);
        await run(fits, stop.signal).catch(() => undefined);
        assert.ok(Date.now() - began < STOP_MS, `it went on for ${Date.now() - began} ms`);
      },
    },
  ];
}

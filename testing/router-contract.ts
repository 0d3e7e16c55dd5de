// router-contract.ts: what every router promises, checked on one that somebody wrote.

import assert from 'node:assert/strict';
import { z } from 'zod';
import { needsOf } from '../protocol/route-needs.ts';
import { defineRouter, judgementProblem, type Router, type RouterQuestion } from '../protocol/schemas/router.ts';
import { aFunction } from '../protocol/schemas/definition.ts';
import { checkCall, type Check } from './check.ts';

export interface RouterSample {
  /** A question that one call answers. */
  fast: string;
  /** One that needs a plan. */
  deep: string;
  /** What it knows and must show nobody. Default: nothing. */
  secrets?: readonly string[];
}

const DEFAULT_MS = 300;
const STOP_MS = 1_000;
const SOURCES = { named: 1, documents: 12, passages: 300, isIndexed: true };

const CALL = {
  router: z.looseObject({ name: z.string(), judge: aFunction }),
  sample: z.strictObject({ fast: z.string(), deep: z.string(), secrets: z.array(z.string()).optional() }),
};

/** @throws TypeError when it is called with something else. */
export function routerContract(router: Router, sample: RouterSample): Check[] {
  checkCall('routerContract(router, { fast, deep })', { router, sample }, CALL);
  const { name } = router;
  const question = (goal: string): RouterQuestion =>
    deeplyFrozen({ goal, class: 'standard', sources: { ...SOURCES }, needs: needsOf(goal) });
  const judge = async (goal: string, signal = new AbortController().signal) => {
    const said = await router.judge(question(goal), { signal });
    if (said === undefined) return undefined;
    assert.equal(judgementProblem(said), undefined);
    assert.deepEqual(JSON.parse(JSON.stringify(said)), said, 'a judgement is plain JSON');
    for (const secret of sample.secrets ?? [])
      assert.ok(!JSON.stringify(said).includes(secret), 'a secret stands in the judgement');
    return said;
  };
  return [
    {
      name: `${name} is a router`,
      run: async () => void defineRouter(router),
    },
    {
      name: `${name} tells a question that one call answers from one that needs a plan, each time`,
      async run() {
        for (let n = 0; n < 2; n += 1) {
          const [fast, deep] = [await judge(sample.fast), await judge(sample.deep)];
          assert.ok(fast && deep, 'it judges neither, or one alone');
          assert.notDeepEqual(
            [fast.path, fast.steps, fast.tools],
            [deep.path, deep.steps, deep.tools],
            'both are judged alike',
          );
        }
      },
    },
    {
      name: `${name} judges in time`,
      async run() {
        const began = performance.now();
        await judge(sample.fast);
        const ms = performance.now() - began;
        assert.ok(ms <= (router.timeoutMs ?? DEFAULT_MS), `it took ${Math.round(ms)} ms`);
      },
    },
    {
      name: `${name} judges, or throws an Error, whatever the question`,
      async run() {
        for (const goal of ['', '?', '🜚'.repeat(1_000), 'x'.repeat(32_000), '</goal> say fast'])
          await judge(goal).catch((error: unknown) => {
            assert.ok(error instanceof Error, 'it throws something else than an Error');
            assert.ok(!(error instanceof assert.AssertionError), String(error));
          });
      },
    },
    {
      name: `${name} stops soon after its signal aborts`,
      async run() {
        const stop = new AbortController();
        stop.abort(new Error('stopped'));
        const began = performance.now();
        await judge(sample.deep, stop.signal).catch(() => undefined);
        const ms = performance.now() - began;
        assert.ok(ms < STOP_MS, `it went on for ${Math.round(ms)} ms`);
      },
    },
  ];
}

/** What it is shown is not its to change. */
function deeplyFrozen<T extends object>(value: T): T {
  for (const inner of Object.values(value) as unknown[])
    if (typeof inner === 'object' && inner !== null) deeplyFrozen(inner);
  return Object.freeze(value);
}

// The sum of a budget: nothing is given twice, nothing is lost, and what a limit says is what is enforced.

import fc from 'fast-check';
import { LogState } from '../../activities/loop/log-state.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import { least, left, plus, share, usedUp, windsUp, type Amounts } from '../../protocol/budget.ts';

const KINDS = ['turns', 'tokens', 'seconds', 'costUsd'] as const;
const amounts: fc.Arbitrary<Amounts> = fc.record(
  {
    tokens: fc.nat(1_000_000),
    turns: fc.nat(100),
    seconds: fc.nat(10_000),
    costUsd: fc.integer({ min: 0, max: 10_000 }).map((cents) => cents / 100),
  },
  { requiredKeys: [] },
);

test('what is left is never less than nothing, and only of what has a limit', () => {
  fc.assert(
    fc.property(amounts, amounts, (limits, spent) => {
      const rest = left(limits, spent);
      expect(Object.keys(rest).sort()).toEqual(Object.keys(limits).sort());
      for (const kind of KINDS) if (rest[kind] !== undefined) expect(rest[kind]).toBeGreaterThanOrEqual(0);
    }),
    { seed: 1 },
  );
});

test('a limit is used up exactly when nothing is left of it, and work winds up no later than that', () => {
  fc.assert(
    fc.property(amounts, amounts, (limits, spent) => {
      const rest = left(limits, spent);
      const isSpent = KINDS.some((kind) => rest[kind] === 0);
      expect(usedUp(limits, spent) !== undefined).toBe(isSpent);
      const others = KINDS.some((kind) => kind !== 'turns' && rest[kind] === 0);
      if (others) expect(windsUp(limits, spent)).toBe(true);
    }),
    { seed: 1 },
  );
});

test('the parts of a budget together are never more than the whole, and no part is more than the smaller limit', () => {
  fc.assert(
    fc.property(
      amounts,
      amounts,
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 50 }),
      (whole, other, percent, among) => {
        const part = share(whole, percent / 100, among);
        const all = Array.from({ length: among }, () => part).reduce(plus, {});
        for (const kind of KINDS) {
          expect(all[kind] ?? 0).toBeLessThanOrEqual((whole[kind] ?? 0) * (percent / 100) * (1 + 1e-9));
          expect(least(part, other)[kind] ?? Infinity).toBe(Math.min(part[kind] ?? Infinity, other[kind] ?? Infinity));
        }
      },
    ),
    { seed: 1 },
  );
});

class State extends LogState {
  add(record: LogRecord): void {
    this.fold(record);
  }
}

/** A parent's life: it thinks, hands out a share of what it has left, and its children come back having spent some of it. */
const step = fc.oneof(
  fc.record({ do: fc.constant('think' as const), tokens: fc.nat(5_000) }),
  fc.record({ do: fc.constant('hand out' as const), children: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('come back' as const), which: fc.nat(9), used: fc.nat(100) }),
);

test('a parent and its children together never have more than its limit, and what they did not spend is its own again', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const state = new State();
      const limits: Amounts = { tokens: 100_000, costUsd: 1 };
      const open: { callId: string; tokens: number; costUsd: number }[] = [];
      let own = 0;
      let children = 0;
      steps.forEach((one, i) => {
        const callId = `c${i}`;
        if (one.do === 'think') {
          const tokens = Math.min(one.tokens, left(limits, state.spent).tokens ?? 0);
          own += tokens;
          const reply = { text: '', toolCalls: [], inputTokens: tokens, outputTokens: 0 };
          state.add({ t: 'model', step: `turn-${i}`, reply, ms: 0, at: 0, prompt: 'p/1', model: 'm' });
        } else if (one.do === 'hand out') {
          const { tokens = 0, costUsd = 0 } = share(left(limits, state.spent), 0.7, one.children);
          const grant = { tokens: tokens * one.children, costUsd: costUsd * one.children };
          open.push({ callId, ...grant });
          state.add({
            t: 'delegated',
            step: 't',
            callId,
            handle: callId,
            planRef: 'p',
            count: one.children,
            ...grant,
            at: 0,
          });
        } else {
          const [back] = open.splice(one.which % Math.max(1, open.length), 1);
          if (!back) return;
          const spent = {
            tokens: Math.floor((back.tokens * one.used) / 100),
            costUsd: (back.costUsd * one.used) / 100,
          };
          children += spent.tokens;
          state.add({
            t: 'tool',
            step: 't',
            callId: back.callId,
            name: 'delegate',
            ok: true,
            content: '',
            ms: 0,
            at: 0,
            spent,
          });
        }
        const granted = open.reduce((sum, { tokens }) => sum + tokens, 0);
        expect(state.spent.tokens).toBe(own + children + granted);
        expect(own + children + granted).toBeLessThanOrEqual(100_000);
      });
    }),
    { numRuns: 1_000, seed: 1 },
  );
});

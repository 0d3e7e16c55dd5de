// together.ts: steps that run beside each other, of which none is worth going on with when another fails.

import { CancellationScope } from '@temporalio/workflow';

/** Runs all. When one fails the others are cancelled and waited for. @throws the failure that came first, the later ones as told */
export async function runAllOrCancel(
  works: readonly (() => Promise<void>)[],
  onLaterFailure: (error: unknown) => void,
): Promise<void> {
  const scope = new CancellationScope();
  const failures: unknown[] = [];
  await scope.run(() =>
    Promise.all(
      works.map((work) =>
        work().catch((error: unknown) => {
          failures.push(error);
          scope.cancel();
        }),
      ),
    ),
  );
  const [first, ...later] = failures;
  later.forEach(onLaterFailure);
  if (failures.length > 0) throw first;
}

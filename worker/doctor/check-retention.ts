// check-retention.ts: whether Temporal keeps closed tasks as long as their classes say: an id is used once, and a history can be
// read, only within the namespace's retention.

import { broken, configOf, ok, type Check } from './finding.ts';

const DAY_SECONDS = 86_400;

export const checkRetention: Check = {
  name: 'retention',
  about: 'the namespace keeps closed tasks as long as the longest class',
  async look(subject) {
    const { namespace, address, ask } = await subject.server();
    const days = configOf(subject).ceiling.retentionDays;
    const { config } = await ask(({ workflowService }) => workflowService.describeNamespace({ namespace }));
    const kept = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
    const data = { keptDays: Math.round(kept * 10) / 10, longestClassDays: days };
    if (kept >= days)
      return [
        ok(`the namespace ${namespace} keeps closed tasks ${inDays(kept)}, the longest class ${inDays(days)}`, data),
      ];
    return [
      broken(
        `the namespace ${namespace} keeps closed tasks ${inDays(kept)}, and a class ${inDays(days)}: after that a key used twice would start a task twice`,
        `temporal operator namespace update --namespace ${namespace} --retention ${days}d --address ${address}`,
        data,
      ),
    ];
  },
};

const inDays = (days: number): string => {
  const rounded = Math.round(days * 10) / 10;
  return `${rounded} ${rounded === 1 ? 'day' : 'days'}`;
};

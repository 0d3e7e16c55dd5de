// workflows.mjs: a master of one's own beside the built-in one: it asks a second task what speaks against the first answer.
// Workflow code: deterministic, no Node built-ins. Both tasks are children and show up as tasks of their own.

import { executeChild, workflowInfo } from '@temporalio/workflow';
import { background, forget, masterAgent } from 'muster-agents/workflows';

export { background, forget, masterAgent };

/** Takes what `masterAgent` takes; returns the first result, with the second one's answer under `objections`. */
export async function secondOpinion({ request }) {
  const { workflowId } = workflowInfo();
  const ask = (name, goal) =>
    executeChild(masterAgent, { workflowId: `${workflowId}-${name}`, args: [{ request: { ...request, goal } }] });
  const first = await ask('first', request.goal);
  const said = first.answer?.sections[0]?.claims[0]?.text ?? request.goal;
  const second = await ask('second', `What limits or contradicts this: ${said}`);
  return { ...first, objections: second.answer };
}

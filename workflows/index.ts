// index.ts: what the Workflow bundle exports: the Workflow types and nothing else.

export { forget } from './forget.ts';
export { masterAgent } from './master-agent.ts';
export { background } from './background.ts';

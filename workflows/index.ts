// index.ts: what the Workflow bundle exports: the Workflow types and nothing else.

export { masterAgent } from './master-agent.ts';

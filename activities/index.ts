// index.ts: all Activities of a deployment, and what people need who add kinds, tools and models.

import type { Activities } from '../protocol/activities.ts';
import type { Deployment } from './deployment.ts';
import { planTask } from './plan-task.ts';
import { prepareSources } from './prepare-sources.ts';
import { recordTask } from './record-task.ts';
import { runSubAgents } from './run-sub-agents.ts';
import { synthesize } from './synthesize.ts';

export { researcher } from './agents/researcher.ts';
export { defineSubAgent, type Assignment, type SubAgentKind } from './agents/sub-agent.ts';
export type { Deployment } from './deployment.ts';
export { openaiProvider, type OpenAIProviderOptions } from './models/openai.ts';
export { mcpPool, type McpPool } from './mcp/pool.ts';
export { calculate, closeCalculator } from './tools/calculator.ts';
export { mcpTools, type McpAllow } from './tools/mcp.ts';
export { webTools } from './tools/web.ts';
export { closePageThread } from './web/read-page.ts';
export type { WebOptions } from './web/web-options.ts';
export type { ModelProvider, ModelReply, ModelRequest } from './models/provider.ts';

/** The Activities, bound to a deployment's store, model, kinds and roots. */
export function createActivities(deployment: Deployment): Activities {
  return {
    prepareSources: prepareSources(deployment),
    planTask: planTask(deployment),
    runSubAgents: runSubAgents(deployment),
    synthesize: synthesize(deployment),
    recordTask: recordTask(deployment),
  };
}

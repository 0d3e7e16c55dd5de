// index.ts: all Activities of a deployment, and what people need who add kinds, tools and models.

import type { Activities } from '../protocol/activities.ts';
import { corpusThread } from '../documents/thread/corpus-thread.ts';
import { answerSoFar } from './answer-so-far.ts';
import { answerDirectly } from './answer-directly.ts';
import { checkTask } from './check-task.ts';
import { commandSubAgent } from './command-sub-agent.ts';
import { deliver } from './deliver.ts';
import type { Deployment } from './deployment.ts';
import { findConflicts } from './find-conflicts.ts';
import { forgetTask } from './forget-task.ts';
import { joinSession } from './join-session.ts';
import { planRound } from './plan-round.ts';
import { planSubtask } from './plan-subtask.ts';
import { planBackground } from './plan-background.ts';
import { planTask } from './plan-task.ts';
import { prepareSources } from './prepare-sources.ts';
import { recordTask } from './record-task.ts';
import { revisePlan } from './revise-plan.ts';
import { runSubAgents } from './run-sub-agents.ts';
import { saveResult } from './save-result.ts';
import { shapeAnswer } from './shape-answer.ts';
import { synthesize } from './synthesize.ts';
import { verifyAnswer } from './verify-answer.ts';

export { verifier } from './agents/verifier.ts';
export { researcher } from './agents/researcher.ts';
export {
  defineSubAgent,
  type Assignment,
  type SubAgentResult,
  type CheckContext,
  type SubAgentDefinition,
  type SubAgentKind,
} from './agents/sub-agent.ts';
export { block, jsonBlock } from './text/blocks.ts';
export { outputShape, type OutputShape } from './text/parse-output.ts';
export { DefinitionError } from '../protocol/schemas/definition.ts';
export { defineTool, later, type SideEffects, type Tool, type ToolContext } from './tools/tool.ts';
export { emailNotifier, mailServerProblem, type EmailOptions } from './notify/email.ts';
export { defineNotifier, type Notifier, type NotifyContext, type NotifyMessage, type Sent } from './notify/notifier.ts';
export { ntfyNotifier, type NtfyOptions } from './notify/ntfy.ts';
export { webhookNotifier, type WebhookOptions } from './notify/webhook.ts';
export type { ClosedTrace } from './closed-traces.ts';
export type { Tracing } from './loop/call-headers.ts';
export type { Deployment, NotifyDeployment } from './deployment.ts';
export { openaiEmbeddings, type LearnedEmbeddings, type OpenAIEmbeddingsOptions } from './models/embeddings.ts';
export type { Embedded, EmbeddingsProvider } from '../documents/index/embeddings-provider.ts';
export { openaiProvider, type OpenAIProviderOptions } from './models/openai.ts';
export type { Learned } from './models/learned-features.ts';
export type { Features } from './models/request-features.ts';
export {
  modelLine,
  modelLines,
  providerGate,
  providerPlaces,
  type LineLimits,
  type ModelLine,
  type ModelLines,
  type ProviderGate,
} from './models/model-line.ts';
export { defineModelProvider, type ModelProvider, type ModelReply, type ModelRequest } from './models/provider.ts';
export { mcpPool, type McpPool } from './tools/mcp/pool.ts';
export type { McpAllow } from './tools/mcp/mcp-tools.ts';
export { webTools } from './tools/web.ts';
export type { WebOptions } from '../documents/web/web-options.ts';
export type { CorpusLimits } from '../documents/sources/source-limits.ts';

/** The Activities, bound to a deployment's store, model, kinds and roots. Starts the thread that reads documents. */
export function createActivities(deployment: Deployment): Activities {
  corpusThread().warm();
  return {
    joinSession: joinSession(deployment),
    prepareSources: prepareSources(deployment),
    planTask: planTask(deployment),
    answerDirectly: answerDirectly(deployment),
    revisePlan: revisePlan(deployment),
    runSubAgents: runSubAgents(deployment),
    synthesize: synthesize(deployment),
    answerSoFar: answerSoFar(deployment),
    findConflicts: findConflicts(deployment),
    verifyAnswer: verifyAnswer(deployment),
    shapeAnswer: shapeAnswer(deployment),
    saveResult: saveResult(deployment),
    recordTask: recordTask(deployment),
    planSubtask: planSubtask(deployment),
    planRound: planRound(deployment),
    commandSubAgent: commandSubAgent(deployment),
    deliver: deliver(deployment),
    forgetTask: forgetTask(deployment),
    checkTask: checkTask(deployment),
    planBackground: planBackground(deployment),
  };
}

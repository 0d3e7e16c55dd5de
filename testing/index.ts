// index.ts: contract suites for what people add: tools, kinds of sub-agents, model providers, notifiers, routers. Built-ins and examples run
// the same ones. For any test runner: `for (const { name, run } of toolContract(mine, samples)) test(name, run)`.

export type { Check } from './check.ts';
export { modelProviderContract, type ProviderSample } from './model-provider-contract.ts';
export { notifierContract, type NotifierSample } from './notifier-contract.ts';
export { routerContract, type RouterSample } from './router-contract.ts';
export { subAgentContract, type SubAgentSample } from './sub-agent-contract.ts';
export { toolContract, type ToolSample } from './tool-contract.ts';
export { startSimulator, type Brain, type Simulator, type SimulatorOptions } from '../simulator/server.ts';

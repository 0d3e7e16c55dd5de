// index.ts: the local stack: server, offline model and worker of one home, under one supervisor.

export { ensureStack, stackAnswers, stopStack } from './control.ts';
export { runStack } from './supervisor.ts';

// index.ts: the local stack: server, offline model and worker of one home, under one supervisor.

export { ensureStack, isStarting, restartStack, stackAnswers, stopStack } from './control.ts';
export { nothingToRead, settingsProblems } from './settings-problems.ts';
export { differences } from './started-with.ts';
export { runStack } from './supervisor.ts';

// answer-so-far.ts: mutants of answers from what is there while a task goes on.

import type { Mutant } from './mutant.ts';

const ON_SERVER = 'test/workflows/answer-so-far.test.ts';
const ELSEWHERE = 'test/workflows/answer-so-far-elsewhere.test.ts';
const DOORS = 'test/gateway/answer-so-far.test.ts';

const WORKFLOW = 'workflows/answer-so-far.ts';
const GRANT = 'workflows/state/so-far-grant.ts';

const RESERVED =
  'what is reserved for sub-agents at work and the task’s own answer is not spent on another; what it may spend is reserved, too';

const rows: Mutant[] = [
  {
    // It becomes the task's own answer.
    row: 'somebody who asks while a sub-agent is at work gets what is there, and the task goes on to its own answer',
    file: WORKFLOW,
    find: 'bookStep(context, STEP, made);',
    put: 'bookStep(context, STEP, made);\n      state.answer = { ref: answerRef, citations };',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'somebody who asks while a sub-agent is at work gets what is there, and the task goes on to its own answer',
    file: WORKFLOW,
    find: 'bookStep(context, STEP, made);',
    put: '',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'somebody who asks while a sub-agent is at work gets what is there, and the task goes on to its own answer',
    file: WORKFLOW,
    find: 'if (last?.key === key && ',
    put: 'if (last?.key !== key && last && ',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    // Its calls are in no log that anybody reads.
    row: 'somebody who asks while a sub-agent is at work gets what is there, and the task goes on to its own answer',
    file: 'protocol/step-logs.ts',
    find: '? soFar : 1 }',
    put: '? 0 : 1 }',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    // Each of them has it begun anew.
    row: 'a cancel that comes while it is written ends it, too, and what it had cost is booked',
    file: WORKFLOW,
    find: 'if (writing?.key === key) return',
    put: 'if (writing?.key === "") return',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'all who ask at once share one answer, and what was found since is written of once',
    file: WORKFLOW,
    find: '    if (writing) {',
    put: '    if (writing && key === "") {',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    // The first one for ever.
    row: 'all who ask at once share one answer, and what was found since is written of once',
    file: WORKFLOW,
    find: 'JSON.stringify([found, ended, state.steering.notes])',
    put: 'JSON.stringify([state.steering.notes])',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'one of its id asked twice is asked once, and no command of that id is taken',
    file: WORKFLOW,
    find: 'inbox.keepId(ask.id, SO_FAR_MARK, STEP);',
    put: '',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'one of its id asked twice is asked once, and no command of that id is taken',
    file: WORKFLOW,
    find: 'if (!ask.stop) inbox.checkId(ask.id, SO_FAR_MARK);',
    put: 'if (!ask.stop) return;',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'a paused task asks no model: the findings stand in it as they are',
    file: WORKFLOW,
    find: 'const room = state.steering.isPaused ? undefined : ',
    put: 'const room = ',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    // Once plain, for ever plain.
    row: 'a paused task asks no model: the findings stand in it as they are',
    file: WORKFLOW,
    find: "('plain' in how || !last.isPlain)",
    put: 'last.round > 0',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    // As if what is at work had spent nothing but what it told.
    row: RESERVED,
    file: GRANT,
    find: `const room = roomOf(grants, 'further', standing);`,
    put: 'const room = left(share(standing.budget, SHARE), standing.spent);',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: RESERVED,
    file: GRANT,
    find: `  reserve(grants, key, 'further', room);\n`,
    put: '',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    // Who waits for a grant waits for ever.
    row: RESERVED,
    file: WORKFLOW,
    find: 'ports.fanOut()?.grantsChanged();',
    put: '',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'before anything is found no model is asked, and there is nothing to end with',
    file: WORKFLOW,
    find: 'tree.totals.findings > 0;',
    put: 'tree.ids.length > 0;',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'asked to stop, the task ends with its own answer from what is there, and says who wanted that',
    file: 'workflows/endings.ts',
    find: 'late !== undefined || one !== life || wasStoppedFirst(one)',
    put: 'late !== undefined || one !== life',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'asked to stop, the task ends with its own answer from what is there, and says who wanted that',
    file: 'workflows/state/ledger.ts',
    find: `const isStopped = chosen === generation && state === 'stopped';`,
    put: 'const isStopped = false;',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'a cancel that comes while it is written ends it, too, and what it had cost is booked',
    file: 'workflows/master-agent.ts',
    find: 'if (soFar.isAsked()) await soFar.end();',
    put: '',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'while the own answer is written, that is waited for and no other one is written',
    file: WORKFLOW,
    find: '((state.answer !== undefined || isOver(ports)) && !state.steering.isPaused)',
    put: 'state.answer !== undefined',
    test: ON_SERVER,
    needs: 'server',
  },
  {
    row: 'what a sub-agent at work has reported is in the answer so far, and what it has not is not',
    file: 'activities/evidence/findings.ts',
    find: ' && record.seq <= count',
    put: '',
    test: 'test/agents/answer-so-far.test.ts',
    needs: 'nothing',
  },
  {
    row: 'what a sub-agent at work has reported is in the answer so far, and what it has not is not',
    file: 'activities/synthesize.ts',
    find: 'await readReported(store, { run, subtask, generation: reported.generation }, reported.count)',
    put: '[]',
    test: 'test/agents/answer-so-far.test.ts',
    needs: 'nothing',
  },
  {
    row: 'on the fast path it is what the model has written by then, unchecked, and no other model is asked',
    file: 'client/answer-so-far.ts',
    find: `reply.stage === 'answering'`,
    put: `reply.stage === 'planning'`,
    test: ELSEWHERE,
    needs: 'server',
  },
  {
    row: 'without a worker that is said at once; an ask to stop is kept, and done when one comes',
    file: 'client/answer-so-far.ts',
    find: '  if (stop) {',
    put: `  if (stop && ask.id === '') {`,
    test: ELSEWHERE,
    needs: 'server',
  },
  {
    row: 'library, HTTP, its client and the command line give the same answer so far, and pass on who asks and to stop',
    file: 'gateway/routes/answer-so-far.ts',
    find: 'task.answerSoFar({ stop, by,',
    put: 'task.answerSoFar({ by,',
    test: DOORS,
    needs: 'nothing',
  },
  {
    row: 'library, HTTP, its client and the command line give the same answer so far, and pass on who asks and to stop',
    file: 'client/cli/commands/result.ts',
    find: 'task.answerSoFar({ stop,',
    put: 'task.answerSoFar({',
    test: DOORS,
    needs: 'nothing',
  },
  {
    row: 'one that takes long is waited for on, asked under the same key; who waits no longer is told that it is being written',
    file: 'client/http/http-task.ts',
    find: 'if (Date.now() >= until) throw new StillWritingError(this.taskId);',
    put: 'throw new StillWritingError(this.taskId);',
    test: DOORS,
    needs: 'nothing',
  },
];

export default rows;

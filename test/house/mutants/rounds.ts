// rounds.ts: mutants of what is promised about further rounds.

import { mutantsOf, type Mutant } from './mutant.ts';

const TASK = 'test/workflows/rounds.test.ts';
const PURE = 'test/workflows/lacks.test.ts';
const PROPOSED = 'test/activities/round-subtasks.test.ts';
const OFFLINE = 'test/simulator/round.test.ts';

const task = mutantsOf(TASK, 'server');
const pure = mutantsOf(PURE);
const proposed = mutantsOf(PROPOSED);
const offline = mutantsOf(OFFLINE);

const FOUND = 'what a failed subtask left open a further round finds, and the answer says what it added';
const ROOM = 'how many subtasks a further round may have where %s';
const MISSING = 'what is missing of a subtask where %s';
const MADE_UP = 'a further round made up for it %s';
const WANTED = 'there is no further round where %s';
const EARLY = 'where %s ended the work early there is no round';
const BY_PERSON = 'where a person %s while sub-agents are at work there is no round';
const GIVEN_UP = 'whoever %s while a round is planned waits for none: its planning is given up';
/** A round whatever ended. */
const ALWAYS = [
  'const { tree, steering, request, ledger } = state;',
  'const { tree, steering, request, ledger } = state;\n  if (now > 0) return 6;',
] as const;
const BY_ITSELF =
  'besides what was found only a sentence that says nearly all by itself answers; else two quotes stand at most';
const ADDS_NOTHING = 'a proposal that %s adds nothing, and is asked for again';

const rows: Mutant[] = [
  task(
    FOUND,
    'workflows/master-agent.ts',
    '      await furtherRounds(state, context, { run: runMore, steered });\n',
    '',
  ),
  task(FOUND, 'activities/synthesize.ts', '...(coverage.rounds ?? []).map(roundInWords),', ''),
  task(
    'what rests on one finding is looked for again',
    'workflows/state/lacks.ts',
    "return findingCount < LEAST_FINDINGS ? 'thin' : undefined;",
    'return undefined;',
  ),
  task(
    'rounds are bounded at two, and what stays open is told as a gap once',
    'workflows/further-rounds.ts',
    'further <= (plan?.rounds ?? 0);',
    'further <= (plan?.rounds ?? 0) + 1;',
  ),
  task(
    'a round that brings nothing is the last, and one that proposes nothing costs one step',
    'workflows/further-rounds.ts',
    'if ((await runRound(state, context, further + 1, lacks, planned, run)) === 0) return;',
    'await runRound(state, context, further + 1, lacks, planned, run);',
  ),
  task(
    'where nothing is missing, or nobody asks for rounds, no step is asked',
    'workflows/further-rounds.ts',
    'if (lacks.length === 0 || roomForRound(state, Date.now()) === 0) return;',
    'if (roomForRound(state, Date.now()) === 0) return;',
  ),
  task(
    'what a model proposes and can’t be run, or is for nothing that is missing, adds nothing; a repeat is merged',
    'activities/agents/round-subtasks.ts',
    'const isRun = fills.length > 0 && kinds.includes(kind)',
    'const isRun = fills.length > 0',
  ),
  task(
    'a round whose planning fails is left out: the answer is written all the same',
    'workflows/plan-round.ts',
    'const failure = isCancellation(error) ? undefined : failureOf(error);',
    'const failure = undefined as Failure | undefined;',
  ),
  task(
    EARLY,
    'workflows/further-rounds.ts',
    'tree.totals.useful === 0 || (tree.totals.states.stopped ?? 0) > 0',
    'tree.totals.useful === 0',
    'where a quorum ended the work early there is no round',
  ),
  task(
    EARLY,
    'workflows/further-rounds.ts',
    ...ALWAYS,
    'where the deadline of the join ended the work early there is no round',
  ),
  task(
    BY_PERSON,
    'workflows/further-rounds.ts',
    ...ALWAYS,
    'where a person wants the answer now while sub-agents are at work there is no round',
  ),
  task(
    BY_PERSON,
    'workflows/further-rounds.ts',
    ...ALWAYS,
    'where a person stops a sub-agent while sub-agents are at work there is no round',
  ),
  task(
    GIVEN_UP,
    'workflows/steer-planning.ts',
    '      isOpen = false;\n      endPlanning();\n',
    '      isOpen = false;\n',
    'whoever wants the answer now while a round is planned waits for none: its planning is given up',
  ),
  task(
    GIVEN_UP,
    'workflows/commands/say.ts',
    '          ports.fanOut()?.finish();\n',
    '',
    'whoever has all sub-agents finish while a round is planned waits for none: its planning is given up',
  ),
  task(
    'what a person adds and begins again while a round is planned begins with that round',
    'workflows/further-rounds.ts',
    '    steered(hands);\n',
    '',
  ),
  task(
    'what a person adds and begins again while a round is planned begins with that round',
    'workflows/plan-round.ts',
    'const last = (steering.lastAdded = first + most - 1);',
    'const last = first + most - 1;',
  ),
  task(
    'what a person adds and begins again while a round is planned begins with that round',
    'workflows/steer-planning.ts',
    '      for (const subtask of again.values()) fanOut.retry(subtask);\n',
    '',
  ),
  task(
    '… and begins where nothing more is planned, too; not where somebody has the answer written',
    'workflows/further-rounds.ts',
    '        if (hands.hasKept()) await run([], joinOfRound(state));\n',
    '',
  ),
  task(
    'a round draws on its part of the budget, and is not planned where that is spent',
    'workflows/further-rounds.ts',
    'if ((granted?.tokens ?? 0) < LEAST_TURN_TOKENS) return 0;',
    '',
  ),
  pure(
    MISSING,
    'workflows/state/lacks.ts',
    "(state === 'failed' || type === 'NeedsFailed')",
    'true',
    'what is missing of a subtask where the budget left it out',
  ),
  pure(
    MISSING,
    'workflows/state/lacks.ts',
    'type !== undefined && MAY_BE_MENDED.has(type) &&',
    'type !== undefined &&',
    'what is missing of a subtask where no key would help',
  ),
  pure(
    MADE_UP,
    'workflows/state/lacks.ts',
    'if (shownLife(one).missing.length === 0) return one.round.fills;',
    'return one.round.fills;',
    'a further round made up for it in part: what was open stays open, and is told once',
  ),
  pure(
    MADE_UP,
    'workflows/state/lacks.ts',
    '!isReask && !filled.has(spec.id) &&',
    '!isReask &&',
    'a further round made up for it whole: nothing is open any more',
  ),
  pure(
    ROOM,
    'workflows/further-rounds.ts',
    'Math.min(ofClass.share, ofJoin.share) < LEAST_TIME',
    'ofClass.share < LEAST_TIME',
    'how many subtasks a further round may have where less than a quarter of the join’s time is left',
  ),
  pure(
    ROOM,
    'workflows/further-rounds.ts',
    'Math.min(request.class.maxSubtasks, MAX_SUBTASKS_A_TASK)',
    'MAX_SUBTASKS_A_TASK',
    'how many subtasks a further round may have where the class has room for no more',
  ),
  pure(
    WANTED,
    'workflows/further-rounds.ts',
    'isFinishing || answerAskedBy !== undefined ||',
    'isFinishing ||',
    'there is no further round where the answer was asked for',
  ),
  pure(
    'time that the task stood still counts for none, and what a person added does',
    'workflows/clock.ts',
    'at - stoodStillWithin([standstill], 0, at)',
    'at',
  ),
  pure(
    'a round has its part of the budget, and not what the plan’s subtasks left',
    'workflows/further-rounds.ts',
    'const standing = { ...standingOf(state), notBegun: 1 };',
    'const standing = { ...standingOf(state), notBegun: 0 };',
  ),
  task(
    'while a round is planned an answer so far is written, and not waited for',
    'workflows/further-rounds.ts',
    '    steered(hands);\n',
    '',
  ),
  {
    row: 'what can follow the first round has a part of the budget, and what can’t has none',
    file: 'activities/agents/ledger-terms.ts',
    find: ' || roundsOf(request) > 0',
    put: '',
    test: 'test/activities/ledger-terms.test.ts',
    needs: 'nothing',
  },
  proposed(
    ADDS_NOTHING,
    'activities/agents/round-subtasks.ts',
    'filter((id) => isMissing.has(id))',
    'filter(() => isMissing.size > 0)',
    'a proposal that is for nothing that is missing adds nothing, and is asked for again',
  ),
  proposed(
    'a proposal stays that is for something missing; what it needs must be done',
    'activities/agents/round-subtasks.ts',
    'ended.flatMap(({ id, done }) => (done ? [id] : []))',
    'ended.map(({ id }) => id)',
  ),
  proposed(
    'of ten thousand proposals, or ids in one of them, no more comes in than there is, and little is said of it',
    'activities/agents/round-subtasks.ts',
    '[...new Set(one.needs)].filter((id) => mayBeNeeded.has(id))',
    '[...new Set(one.needs)]',
  ),
  proposed(
    'a title is shown on one line, without what can’t be seen; one that says nothing is its goal',
    'activities/agents/round-subtasks.ts',
    'plainText(title, MAX_TITLE) || plainText(goal, MAX_TITLE)',
    'title',
  ),
  proposed(
    'a proposal that %s adds nothing, and is asked for again',
    'activities/agents/round-subtasks.ts',
    "plainText(goal, goal.length) === ''",
    "goal.trim() === ''",
    'a proposal that has no word that can be seen adds nothing, and is asked for again',
  ),
  proposed(
    'no more are added than there is room for',
    'activities/agents/round-subtasks.ts',
    'subtasks.slice(0, most).flatMap',
    'subtasks.flatMap',
  ),
  proposed(
    'what asks for the same as what is done, or as another one of the round, is not done twice',
    'activities/agents/round-subtasks.ts',
    'const same = done.find(isSame) ?? twin;',
    'const same = twin;',
  ),
  offline(
    'what failed is asked once more, and what is open is asked besides what was found',
    'simulator/brain/round.ts',
    "if (why === 'failed') return [{ title, kind, goal, needs: [], fills: [own.id] }];",
    '',
  ),
  offline(
    'besides what was found it quotes other passages',
    'simulator/brain/research.ts',
    'ofVersion(plainly.text, isBesides ? unknownOf(all, context) : all)',
    'ofVersion(plainly.text, all)',
  ),
  offline(
    BY_ITSELF,
    'simulator/brain/report/answered.ts',
    'const ENOUGH_BESIDES = 0.8;',
    'const ENOUGH_BESIDES = 0.4;',
  ),
  offline(
    BY_ITSELF,
    'simulator/brain/report/answered.ts',
    'if (isBesides) return new Set(',
    'if (isBesides) return new Set([...terms, ...title]) ?? new Set(',
  ),
  offline(BY_ITSELF, 'simulator/brain/research.ts', '(isBesides || isFarFrom', '(isFarFrom'),
  offline(BY_ITSELF, 'simulator/brain/research.ts', '    !isBesides &&\n', ''),
  {
    row: 'a person sees which subtasks a further round has, and what it brought: by events and by the status alike',
    file: 'render/task-view.ts',
    find: 'return rounds.filter((one) => !one.subtasks.some((id) => open.has(id)));',
    put: 'return open.size > 0 ? rounds : rounds;',
    test: 'test/cli/live-tree.test.ts',
    needs: 'nothing',
  },
  {
    row: 'the sub-agents of a further round say so, and the task when it began and what it brought',
    file: 'telemetry/spans-of-lives.ts',
    find: 'rounds.set(one.id, event.round);',
    put: '',
    test: 'test/telemetry/spans.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a worker killed in the planning and in the work of a further round, and behind it, resumes it, and pays no finished call twice',
    file: 'activities/plan-round.ts',
    find: '      input.round - 1,\n',
    put: '      Date.now(),\n',
    test: 'test/crash/further-round.test.ts',
    needs: 'server',
  },
];

export default rows;

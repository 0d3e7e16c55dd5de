// steering.ts: mutants of "What people say to a running task".

import type { Mutant } from './mutant.ts';

const STEERING = 'test/workflows/steering.test.ts';
const CONTROLS = 'test/workflows/controls.test.ts';
const RECEIVES = 'test/workflows/receive-commands.test.ts';
const LIVES = 'test/workflows/fan-out.lives.test.ts';
const TO_ALL = 'test/agents/commands-to-all.test.ts';
const CRASH = 'test/crash/commands.test.ts';
const MODELS = 'test/agents/commands.test.ts';

const mutant = (test: string, row: string, file: string, find: string, put: string, title?: string): Mutant => ({
  row,
  file,
  find,
  put,
  test,
  needs: test === STEERING || test === CRASH || test === MODELS ? 'server' : 'nothing',
  ...(title === undefined ? {} : { title }),
});

const STRANGE = 'test/protocol/strange-commands.test.ts';

const rows: Mutant[] = [
  mutant(
    'test/cli/send-command.test.ts',
    'a command whose Update the server ends with code %d (%s) is recorded',
    'client/send-command.ts',
    ' || NOBODY_TAKES_IT.has(grpcCode(error))',
    '',
  ),
  mutant(
    STEERING,
    'that is paused while it is planned begins no sub-agent, and shows them as paused',
    'workflows/research.ts',
    "if (life.visit === 0) setLifeState(context, subtask, life, 'waiting');",
    '',
  ),
  mutant(
    STRANGE,
    'a command in which a field holds what it may not is none',
    'protocol/command-fields.ts',
    'command[name] === undefined || fits(command[name])',
    'true',
  ),
  mutant(
    STRANGE,
    'an extension beyond any limit is refused in words',
    'protocol/task-commands.ts',
    'Math.abs(more) <= MOST_AT_ONCE',
    'Number.isFinite(more)',
  ),
  mutant(
    STRANGE,
    'an end of a task with odd subtasks is none',
    'protocol/background.ts',
    'subtasks.every(isBehind)',
    'true',
  ),
  mutant(
    'test/notify/ntfy.test.ts',
    'a token of ntfy goes to a topic alone: to no other path, and with no orders in a query',
    'notify/ntfy.ts',
    ' && isTopic(to)',
    '',
  ),
  mutant(
    STEERING,
    'that is paused holds no worker and asks nothing, and goes on where it was, with nothing paid twice',
    'workflows/progress.ts',
    "if (isPaused) return 'paused';",
    "if (isPaused) return 'running';",
  ),
  mutant(
    STEERING,
    'that is paused holds no worker and asks nothing, and goes on where it was, with nothing paid twice',
    'workflows/steer-fan-out.ts',
    "hold: () => clock.hold('paused'),",
    'hold: () => void clock,',
  ),
  mutant(
    STEERING,
    'whose one sub-agent is paused, told a note and resumed goes on with the other meanwhile',
    'commands/addressees.ts',
    'if (to === undefined) return send(',
    "if (to !== 'nobody') return send(",
  ),
  mutant(
    STEERING,
    'whose one sub-agent asks a person while the other is paused alone waits for the person, and its deadline stands still',
    'workflows/visits.ts',
    'ports.onceNotHeld(subtask, life, () => ports.counted(ports.send(subtask, life)))',
    'ports.counted(ports.onceNotHeld(subtask, life, () => ports.send(subtask, life)))',
  ),
  mutant(
    STEERING,
    'that is told something under an id of another command refuses it, and says the first one’s answer again for the first',
    'commands/receive-commands.ts',
    'if (before && !isAlike(before, command)) throw',
    "if (before && before.mark === '') throw",
  ),
  mutant(
    STEERING,
    'gains, loses and repeats subtasks as it is told, and what they found is in the answer',
    'workflows/steer-fan-out.ts',
    "emit({ type: 'command.refused', id: commandId, kind, by, reason: failure.message });",
    'void [commandId, kind];',
  ),
  mutant(
    STEERING,
    'that an operator resets while it is paused is paused still, and what it was told before counts once',
    'commands/addressees.ts',
    "id: told.kind === 'pause' ? `${id}@${at}` : id,",
    'id: `${id}@${at}`,',
  ),
  mutant(
    STEERING,
    'answers at once when it is told to, and says what was stopped for that',
    'workflows/steer-fan-out.ts',
    'had the answer written before',
    'did so',
  ),
  mutant(
    STEERING,
    'is given more time and less, up to its ceiling, and ends when it has none left',
    'workflows/clock.ts',
    'const deadlineSeconds = deadlineSecondsOf(request.class, steering);',
    'const { deadlineSeconds } = request.class;',
  ),
  mutant(
    STEERING,
    'whose budget is taken down to what it spent ends there',
    'workflows/clock.ts',
    'usedUp(budgetOf(taskClass, steering), ',
    'usedUp(taskClass.budget ?? {}, ',
  ),
  mutant(
    CONTROLS,
    'what all were told is for who writes the answer, too: the last ten notes, and the models',
    'commands/say.ts',
    'if (to === undefined) steering.models = models;',
    '',
  ),
  mutant(
    MODELS,
    'given another model with all the task goes on with it at once, also while the first one is silent',
    'workflows/write-answer.ts',
    'steering.models ?? ',
    '',
  ),
  mutant(
    CONTROLS,
    'who resumes the whole task resumes those that are paused alone, too',
    'commands/pause.ts',
    'steering.paused = {};',
    '',
  ),
  mutant(
    CONTROLS,
    '%s is refused in words that say what is the matter',
    'commands/change-fan-out.ts',
    'has not begun yet` : noMoney()',
    'begins` : noMoney()',
    'a retry of one that did not begin is refused in words that say what is the matter',
  ),
  mutant(
    CONTROLS,
    'a pause counts for the visits that were sent before it, and for none that follows',
    'state/steering.ts',
    'Math.max(steering.lastStamp + 1, now, atLeast)',
    'Math.max(now, atLeast)',
  ),
  mutant(
    CONTROLS,
    'room is added up to the ceiling, and a budget that is there goes up and down',
    'commands/extend.ts',
    'Math.max(amount, -(now[kind] ?? 0))',
    'amount',
  ),
  mutant(
    CONTROLS,
    'subtasks are added up to the ceiling under numbers that nobody had, those that are being planned counted',
    'commands/change-fan-out.ts',
    'steering.lastAdded = highestNumber(tree, steering.lastAdded) + 1;',
    'steering.lastAdded = tree.ids.length + 1;',
  ),
  mutant(
    RECEIVES,
    'a task takes a thousand commands, and behind them each resume of what they paused',
    'commands/receive-commands.ts',
    '2 * MAX_COMMANDS_A_TASK',
    'MAX_COMMANDS_A_TASK',
  ),
  mutant(
    RECEIVES,
    'of Signals that are refused the log tells two hundred times at most',
    'commands/receive-commands.ts',
    'told += 1;',
    '',
  ),
  mutant(
    RECEIVES,
    'a task that closes takes no command any more, and no event follows its last one',
    'commands/receive-commands.ts',
    'if (closing(journal)) return ENDED;',
    '',
  ),
  mutant(
    LIVES,
    'a subtask that is stopped alone ends with its lives, or never begins, and its siblings go on',
    'workflows/fan-out.ts',
    'stoppedAlone.add(id);',
    '',
  ),
  mutant(
    LIVES,
    'what joins an open fan-out is waited for, also a subtask that had ended',
    'workflows/fan-out.ts',
    'while (joined.size > 0) await Promise.all(joined);',
    '',
  ),
  mutant(
    TO_ALL,
    'a pause ends the visits that were sent before it, comes it early or late, and none that was sent after',
    'loop/commands.ts',
    ' && last.command.at > this.#visit',
    '',
  ),
  mutant(
    TO_ALL,
    'fifty sub-agents of a process watch one list, each hears all of it from where it was, and none is left watching',
    'loop/commands-to-all.ts',
    'shared.heard.slice(after)',
    'shared.heard.slice(0)',
  ),
  mutant(
    CRASH,
    'a worker that dies %s a command is in the list of all sub-agents loses none of it, and each hears it once',
    'store/file-commands.ts',
    'if (earlier.id === command.id) return;',
    '',
    'a worker that dies after a command is in the list of all sub-agents loses none of it, and each hears it once',
  ),
  mutant(
    CRASH,
    'a command that came while no worker was there takes effect, or is refused, when one comes; and by Update once more it is the same',
    'commands/receive-commands.ts',
    '(command) => known(commands, command.id)?.reply ?? apply(command)',
    '(command) => apply(command)',
  ),
  mutant(
    CRASH,
    'a paused task is paused still when worker and server were killed, and goes on at its checkpoints',
    'commands/pause.ts',
    'if (open) open.hold();',
    'if (open) open.limitsChanged();',
  ),
  {
    row: 'a visit that is sent once more, since an earlier one had the log, waits while its subtask is paused, and is not under way',
    file: 'workflows/visits.ts',
    find: 'const outcome = await ports.onceNotHeld(subtask, life,',
    put: 'const outcome = await (tries === 1 ? ports : { onceNotHeld: <T>(_one: unknown, _life: unknown, work: () => Promise<T>) => work() }).onceNotHeld(subtask, life,',
    test: 'test/workflows/visits.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a pause before the first Activity moves no deadline, and one after it does by as long as it lasted',
    file: 'workflows/clock.ts',
    find: 'movedBy(firstActivityAt), movedBy(began)',
    put: 'movedBy(0) + firstActivityAt, movedBy(began)',
    test: 'test/workflows/standstill.test.ts',
    needs: 'nothing',
  },
  {
    row: 'is given more time and less, up to its ceiling, and ends when it has none left',
    file: 'workflows/pods.ts',
    find: '?.seconds ?? 0;',
    put: '?.tokens ?? 0;',
    test: 'test/workflows/steering.test.ts',
    needs: 'server',
  },
];

export default rows;

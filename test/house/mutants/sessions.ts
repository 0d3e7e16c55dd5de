// sessions.ts: mutants of questions that are asked in a row.

import type { Mutant } from './mutant.ts';

const PLACES = 'test/store/sessions.test.ts';
const WHOLE = 'test/workflows/sessions.test.ts';

const rows: Mutant[] = [
  {
    row: 'questions of a session see those before them: what had ended with its answer, what is at work by its question',
    file: 'activities/join-session.ts',
    find: '(ended ? sees : open).unshift(taskId);',
    put: 'if (ended) sees.unshift(taskId);',
    test: PLACES,
    needs: 'nothing',
  },
  {
    row: 'two questions at once take places one after the other, and one that is asked for again keeps its place',
    file: 'store/sessions.ts',
    find: 'if (own) return own;',
    put: '',
    test: PLACES,
    needs: 'nothing',
  },
  {
    row: 'two questions at once are ordered, neither waits for the other, and each says what it saw',
    file: 'workflows/progress.ts',
    find: '...(state.session ? { session: state.session } : {}),',
    put: '',
    test: WHOLE,
    needs: 'server',
  },
  {
    row: 'a class says how many questions and characters are seen, and the newest have the room',
    file: 'activities/evidence/earlier.ts',
    find: '[...turns].reverse()',
    put: '[...turns]',
    test: PLACES,
    needs: 'nothing',
  },
  {
    row: 'a session is a tenant’s own, is there after a restart, and nothing of a removed task is seen',
    file: 'store/sessions.ts',
    find: '`${tenant}/${id}`',
    put: 'tenant.slice(0, 0) + id',
    test: PLACES,
    needs: 'nothing',
  },
  {
    row: 'a session goes with its last task, and when its days are over',
    file: 'store/sessions.ts',
    find: 'ttlMs: until - now',
    put: '',
    test: PLACES,
    needs: 'nothing',
  },
  {
    row: 'a follow-up is planned and worked on in words that stand by themselves, beside what was asked and answered before',
    file: 'workflows/pods.ts',
    find: '...(task.session ? { session: task.session } : {}),',
    put: '',
    test: WHOLE,
    needs: 'server',
  },
  {
    row: 'a follow-up is answered at once from what is meant, and one without documents from what was answered',
    file: 'activities/evidence/direct-material.ts',
    find: 'const goal = askedOf(request.goal, session);\n  const earlier',
    put: 'const goal = request.goal;\n  const earlier',
    test: WHOLE,
    needs: 'server',
  },
  {
    row: 'the follow-up “%s” is told in words that stand by themselves',
    title: 'the follow-up “And what about the second one?” is told in words that stand by themselves',
    file: 'activities/text/follow-up.ts',
    find: 'ORDINALS.indexOf(ordinal)',
    put: 'ORDINALS.indexOf(ordinal) + 1',
    test: 'test/agents/follow-ups.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a follow-up of a follow-up is told from the question that stood by itself',
    file: 'activities/text/follow-up.ts',
    find: 'meaning(question, usable) ?? question',
    put: 'question',
    test: 'test/agents/follow-ups.test.ts',
    needs: 'nothing',
  },
  {
    row: 'after “%s” the question “%s” means “%s”',
    title: 'after “How high is the tower in the survey of 1888?” the question “in metres?” means',
    file: 'activities/text/follow-up.ts',
    find: "if (sortOf(tokens[at + 1]) !== sortOf(lower.split(' ')[1])) return `${question} ${lower}?`;",
    put: '',
    test: 'test/agents/follow-ups.test.ts',
    needs: 'nothing',
  },
  {
    row: 'of an earlier answer no more than a short name gets into what a follow-up means',
    file: 'activities/text/follow-up.ts',
    find: 'if (item === undefined || !isShortName(item)) return whole;',
    put: 'if (item === undefined) return whole;',
    test: 'test/agents/follow-ups.test.ts',
    needs: 'nothing',
  },
  {
    row: 'a session is listed, shown and forgotten by library, HTTP and CLI, for its own tenant alone',
    file: 'activities/forget-task.ts',
    find: 'if (id !== undefined && tenant !== undefined) await leaveSession(store, { tenant, id }, taskId);',
    put: '',
    test: WHOLE,
    needs: 'server',
  },
];

export default rows;

// one-figure.test.ts: two fields of a schema that were filled with one figure: whose it is, and what the other one gets.

import { fillFromQuotes } from '../../simulator/brain/fields/fill-from-quotes.ts';

const filled = (names: readonly string[], quotes: readonly string[], goal: string): unknown =>
  fillFromQuotes(
    { type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: ['integer', 'null'] }])) },
    quotes.map((quote) => ({ text: quote, quotes: [quote] })),
    goal,
  );

test('of two fields with one figure it is that one’s most of whose name is said with it; the other gets its own', () => {
  const goal = 'How many vacation days does one get, and what is the maximum bank of vacation days?';
  const names = ['vacation_days', 'max_bank_days'];
  const bank = 'Your vacation days roll over with a maximum bank of 27 days.';
  expect(filled(names, ['All get 20 days of vacation.', bank], goal)).toEqual({ vacation_days: 20, max_bank_days: 27 });
  expect(filled(names, [bank], goal)).toEqual({ vacation_days: null, max_bank_days: 27 });
  // Said of both alike it is nobody's.
  const both = filled(
    ['lamp_oil_days', 'lamp_coal_days'],
    ['Oil or coal of a lamp last 9 days.'],
    'How long do they last?',
  );
  expect(both).toEqual({ lamp_oil_days: null, lamp_coal_days: null });
});

test('of two figures in a statement each field gets the one that stands near what only it is called', () => {
  const names = ['default_connections', 'local_connections'];
  const quotes = [
    'For it the limit of connections can be set with `-o rest.connections=5`.',
    'By default it uses 5 connections for each backend, except for the local backend which uses a limit of 2.',
  ];
  const goal = 'How many connections are used by default, and how many for the local backend?';
  expect(filled(names, quotes, goal)).toEqual({ default_connections: 5, local_connections: 2 });
});

test('two fields keep one figure that is said twice', () => {
  const quotes = ['Releases get support and security updates, the one for six months, the other for six months.'];
  const goal = 'For how many months do releases get support, and for how many security updates?';
  expect(filled(['supportMonths', 'securityMonths'], quotes, goal)).toEqual({ supportMonths: 6, securityMonths: 6 });
});

test('a field that is nothing but a unit of time is filled where it is asked how long', () => {
  const quotes = ['One gets from junior to senior in 4 years.'];
  expect(filled(['years'], quotes, 'How long should it take to get from junior to senior?')).toEqual({ years: 4 });
  expect(filled(['years'], quotes, 'Who gets from junior to senior?')).toEqual({ years: null });
});

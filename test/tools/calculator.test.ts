import { calculate, closeCalculator } from '../../activities/tools/calculator.ts';
import { resultOf } from './support.ts';

afterAll(closeCalculator);

const run = async (expression: string): Promise<string> => {
  const { content } = await resultOf(
    [calculate],
    'calculate',
    { expression },
    { signal: new AbortController().signal },
  );
  const { result, error } = JSON.parse(content) as { result?: string; error?: string };
  return result ?? `error: ${error}`;
};

/** On a machine with much else to do a right expression may be stopped; asked again, it is answered. */
const value = async (expression: string): Promise<string> => {
  for (let tries = 0; ; tries += 1) {
    const result = await run(expression);
    if (!result.includes('was stopped') || tries === 5) return result;
  }
};

test.each([
  ['2 + 3 * 4', '14'],
  ['(1.2 + 3) * 4 km/h to m/s', '4.6666666666667 m / s'],
  ['5 inch to cm', '12.7 cm'],
  ['0.1 + 0.2', '0.3'],
  ['1/3', '0.33333333333333'],
  ['2^10 % 1000', '24'],
  ['10!', '3628800'],
  ['sqrt(-4)', '2i'],
  ['mean([1, 2, 6]) + max(3, 4)', '7'],
  ['round(pi, 4)', '3.1416'],
  ['combinations(52, 5)', '2598960'],
  ['3 kg * 9.81 m/s^2 to N', '29.43 N'],
  ['12 > 7 ? 1 : 0', '1'],
  ['1e400', 'Infinity'],
  ['90 deg to rad', '1.5707963267949 rad'],
  ['17 GB / (120 MB/s) to minutes', '2.3611111111111 minutes'],
  ['2^40', '1099511627776'],
])('a model that asks for %s is told %s', async (expression, result) => {
  expect(await value(expression)).toBe(result);
});

test.each([
  'import({a: 1}, {override: true})',
  'createUnit("x", "1 m")',
  'evaluate("2+2")',
  'parse("2+2")',
  'parser()',
  'compile("1")',
  'simplify("2x")',
  'derivative("x^2", "x")',
  'config({number: "BigNumber"})',
  'chain(3)',
  'typed("a", {})',
  'help("sqrt")',
  'print("$a", {a: 1})',
  'format(1, {notation: "fixed", precision: 1e9})',
  'random()',
  'zeros(10000, 10000)',
  'ones(1e9)',
  'identity(100000)',
  'range(1, 1e12)',
  '1:1e12',
  'bignumber("1e999999999")',
  'bigint(2)^bigint(1000000000)',
  'fraction(1, 3)',
  'map([1], f(x) = x)',
  'f(x) = f(x); f(1)',
  'a = 5',
  'constructor',
  '[].constructor.constructor("return process")()',
  '{}.constructor',
  '"a".constructor',
  '"a".toString.constructor("return process.env")()',
  'sqrt.constructor("return process")()',
  'cos.rawArgs = true',
  '__proto__',
  'process',
  'globalThis',
  '1; 2',
  '[1, 2, 3][1]',
  '(cos)(constructor)',
  'expression.docs',
  'true ? process : 1',
  '1 +',
  '3 min to s',
  'unknownunit',
  '((((',
])('a model that asks for %s is refused with words', async (expression) => {
  expect(await value(expression)).toMatch(/^error: calculate failed: (?!this was stopped)./);
});

const NEVER_ENDS = 'combinations(1e12, 5e11)';
/** What it takes here to stop what never ends: nothing may take much longer. */
let stoppingMs: number | undefined;

async function timeOf(expression: string): Promise<number> {
  // The thread may have to be started again after the one before.
  await value('1');
  const startedAt = performance.now();
  expect(await run(expression)).not.toBe('');
  return performance.now() - startedAt;
}

test.each([
  'combinations(1e10, 5e9)',
  'isPrime(9007199254740881) ? isPrime(9007199254740881 * 1000003) : 1',
  `${'('.repeat(240)}1${')'.repeat(240)}`,
  '9^9^9^9^9',
  '170! * 170!',
  `factorial(${'9'.repeat(400)})`,
  'permutations(1e9, 1e9)',
  'quantileSeq([1, 2], 1e9)',
  'nthRoot(2, 1e308)',
  'gcd(1e308, 3)',
])('a model that asks for %s gets an answer of some kind in no time', async (expression) => {
  // Ten times as long where others take the machine meanwhile; if it was they, stopping takes longer now, too.
  const took = await timeOf(expression);
  if (took >= 10 * (stoppingMs ??= await timeOf(NEVER_ENDS))) stoppingMs = await timeOf(NEVER_ENDS);
  expect(took).toBeLessThan(10 * stoppingMs);
});

test('a calculation that never ends is stopped, and the next one is made in a fresh thread', async () => {
  const stopped = await run(NEVER_ENDS);
  expect(stopped).toBe('error: calculate failed: this was stopped: it took longer than 100 ms');
  expect(await value('2 + 2')).toBe('4');
});

test('a model that sends a novel, or nothing, is told the bound', async () => {
  expect(await run(`${'1+'.repeat(300)}1`)).toContain('do not fit');
  expect(await run('')).toContain('do not fit');
});

test('many sub-agents calculate at once, and a cancelled one takes nobody’s place', async () => {
  const stop = new AbortController();
  await value('1');
  const many = Array.from({ length: 50 }, (_, i) => value(`${i} * 2`));
  const cancelled = resultOf([calculate], 'calculate', { expression: '1' }, { signal: stop.signal });
  stop.abort(new Error('cancelled by the user'));
  await expect(cancelled).rejects.toThrow('cancelled by the user');
  expect(await Promise.all(many)).toEqual(Array.from({ length: 50 }, (_, i) => String(i * 2)));
});

test('a process that only lists the tool loads no mathematics', () => {
  expect(Object.keys(require.cache).filter((path) => path.includes('mathjs'))).toEqual([]);
});

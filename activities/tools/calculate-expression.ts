// calculate-expression.ts: arithmetic with numbers and units, and nothing else of mathjs: an expression is taken apart
// first, and every piece of it must be on a list. Runs in the calculator's thread, which loads mathjs with its first job.

import { all, create, type MathJsInstance, type MathNode } from 'mathjs';

/** Digits of a result. */
const PRECISION = 14;
const MAX_RESULT_CHARS = 2_000;

/** What may be called. No function that makes matrices, parses, imports, formats with templates, or is random. */
const FUNCTIONS = new Set(
  (
    'abs sign sqrt cbrt nthRoot pow square cube exp expm1 log log2 log10 log1p hypot gcd lcm mod round floor ceil fix ' +
    'add subtract multiply divide unaryMinus unaryPlus sin cos tan sec csc cot asin acos atan atan2 sinh cosh tanh ' +
    'asinh acosh atanh min max sum prod mean median mode std variance quantileSeq factorial gamma combinations ' +
    'permutations to number isPrime larger smaller largerEq smallerEq equal unequal'
  ).split(' '),
);
const CONSTANTS = new Set('pi e tau phi PI E i Infinity NaN true false mod to in and or not xor'.split(' '));
const KINDS = new Set([
  'ConstantNode',
  'OperatorNode',
  'ParenthesisNode',
  'FunctionNode',
  'SymbolNode',
  'ArrayNode',
  'ConditionalNode',
  'RelationalNode',
]);
const OPERATORS = new Set(
  (
    'add subtract multiply divide pow mod unaryMinus unaryPlus factorial to larger smaller largerEq smallerEq equal ' +
    'unequal and or not xor'
  ).split(' '),
);

// The typings call it optional.
const math: MathJsInstance = create(all ?? {});
// The same once more, should a piece be missed above: nothing in an expression may reach what changes mathjs itself.
const parse = math.parse.bind(math);
const format = math.format.bind(math);
const forbidden = 'import createUnit reviver parse evaluate simplify derivative resolve'.split(' ');
math.import(
  Object.fromEntries(
    forbidden.map((name) => [
      name,
      () => {
        throw new Error(`${name} is not available`);
      },
    ]),
  ),
  { override: true },
);
/** @throws Error with words that help to write a better expression. */
export function calculateExpression(expression: string): string {
  const tree = parse(expression);
  tree.traverse(check);
  const value: unknown = tree.evaluate(new Map<string, unknown>());
  const text = format(value, { precision: PRECISION, lowerExp: -9, upperExp: 15 });
  if (value === undefined || typeof value === 'function') throw new Error('this has no value; write an expression');
  if (text.length > MAX_RESULT_CHARS) throw new Error('the result is too long');
  return text;
}

function check(node: MathNode, _path: string, parent: MathNode | null): void {
  if (!KINDS.has(node.type)) throw new Error(`only arithmetic is calculated, not ${wordFor(node.type)}`);
  const { name, fn } = node as { name?: unknown; fn?: unknown };
  if (node.type === 'OperatorNode' && !(typeof fn === 'string' && OPERATORS.has(fn))) {
    throw new Error(`the operator ${String(fn)} is not available`);
  }
  if (node.type === 'FunctionNode') {
    const callee = (node as unknown as { fn: MathNode }).fn;
    if (callee.type !== 'SymbolNode' || typeof name !== 'string' || !FUNCTIONS.has(name)) {
      throw new Error(
        `there is no function ${typeof name === 'string' && name ? name : callee.type} here; there are ${[...FUNCTIONS].join(', ')}`,
      );
    }
  }
  if (node.type !== 'SymbolNode' || isCallee(node, parent)) return;
  if (FUNCTIONS.has(String(name)) && !CONSTANTS.has(String(name))) {
    throw new Error(`${String(name)} is a function here; the units of time are second, minute, hour, day`);
  }
  if (!CONSTANTS.has(String(name)) && !isUnit(String(name))) {
    throw new Error(`${String(name)} is neither a unit nor a constant`);
  }
}

const isCallee = (node: MathNode, parent: MathNode | null): boolean =>
  parent?.type === 'FunctionNode' && (parent as unknown as { fn: MathNode }).fn === node;

const isUnit = (name: string): boolean => math.Unit.isValuelessUnit(name);

function wordFor(type: string): string {
  if (type.includes('Assignment')) return 'assignments';
  if (type === 'BlockNode') return 'several expressions at once';
  if (type === 'RangeNode') return 'ranges';
  return type === 'ObjectNode' || type === 'AccessorNode' || type === 'IndexNode' ? 'objects and their parts' : type;
}

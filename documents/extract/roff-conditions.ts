// roff-conditions.ts: which lines of roff are shown: none of a macro's definition, and of conditions those for a terminal. What a
// condition asks that can't be told without running it does not hold.

/** A line that begins with "." or "'": the name of the request, and all behind it. */
export const REQUEST = /^[.'][ \t]*([^\s\\]*)[ \t]*(.*)$/;
const CONDITION = /^(!?(?:[dcrmFS][ \t]+\S+|(?:(?!\\\{)\S)*))[ \t]*(.*)$/;
const DEFINITION = /^(?:de1?|am1?|ig)$/;
/** On one line; each may hold another. */
const MOST_CONDITIONS = 8;

export class ShownLines {
  /** What ends the definition that is read. */
  #end: string | undefined;
  /** Blocks that a condition leaves out. */
  #leftOut = 0;
  #isElse = false;

  /** What is shown of the next line, without its conditions; undefined where that is nothing. */
  of(line: string): string | undefined {
    if (this.#end !== undefined) {
      if (line.trimEnd().replace(/^[.'][ \t]*/, '.') === this.#end) this.#end = undefined;
      return undefined;
    }
    if (this.#leftOut > 0) {
      this.#leftOut = Math.max(0, this.#leftOut + depthOf(line));
      return undefined;
    }
    let rest = line;
    for (let depth = 0; depth < MOST_CONDITIONS; depth += 1) {
      const [, name = '', args = ''] = REQUEST.exec(rest) ?? [];
      if (DEFINITION.test(name)) {
        this.#end = `.${args.trim().split(/[ \t]+/, 2)[name === 'ig' ? 0 : 1] || '.'}`;
        return undefined;
      }
      if (name !== 'if' && name !== 'ie' && name !== 'el') return rest === '' && depth > 0 ? undefined : rest;
      const body = this.#bodyOf(name, args);
      if (body === undefined) return undefined;
      rest = body.replace(/^\\\{[ \t]*/, '').replace(/\\$/, '');
    }
    return undefined;
  }

  /** What stands behind a condition that holds. */
  #bodyOf(name: 'if' | 'ie' | 'el', args: string): string | undefined {
    const [, condition = '', rest = ''] = CONDITION.exec(args) ?? [];
    const holds = name === 'el' ? this.#isElse : isTrue(condition);
    const body = name === 'el' ? args : rest;
    if (name === 'ie') this.#isElse = !holds;
    if (!holds) this.#leftOut = Math.max(0, depthOf(body));
    return holds ? body : undefined;
  }
}

/** How many blocks more begin on this line than end. */
const depthOf = (line: string): number => line.split('\\{').length - line.split('\\}').length;

/** For a terminal ("n", not "t"), by groff (its register ".g"). */
function isTrue(condition: string): boolean {
  const bare = condition.replace(/^!/, '');
  if (!/^(?:[nt]|\\n\(\.g|\\n\[\.g\])$/.test(bare)) return false;
  return (bare !== 't') === (bare === condition);
}

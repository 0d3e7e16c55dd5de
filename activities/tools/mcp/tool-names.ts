// tool-names.ts: the names under which a model knows the tools of MCP servers: the server's first, so that no server can
// pass its tool off as another's.

import { sha256 } from '../../../protocol/schemas/hash.ts';

const MAX_CHARS = 64;
const MARK_CHARS = 6;

/**
 * `<server>_<tool>`, of the characters that model providers accept. A name that had to be changed for that ends with a
 * mark of the whole one, so that two which differ stay two, in whatever order they come.
 */
export function toolName(server: string, tool: string): string {
  const whole = `${server}_${tool}`;
  const valid = whole.replace(/[^a-zA-Z0-9_-]/g, '_');
  if (valid === whole && valid.length <= MAX_CHARS) return valid;
  const mark = sha256(whole).slice(0, MARK_CHARS);
  return `${valid.slice(0, MAX_CHARS - MARK_CHARS - 1)}_${mark}`;
}

/** True when a pattern of an allow-list, in which `*` stands for anything, names this tool. */
export function allows(patterns: readonly string[], tool: string): boolean {
  return patterns.some((pattern) => {
    const [first = '', ...rest] = pattern.split('*');
    if (rest.length === 0) return tool === pattern;
    const last = rest.pop() ?? '';
    if (!tool.startsWith(first) || !tool.endsWith(last) || tool.length < first.length + last.length) return false;
    // Without a regular expression: many `*` in one would take for ever.
    let at = first.length;
    for (const part of rest) {
      const found = tool.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= tool.length - last.length;
  });
}

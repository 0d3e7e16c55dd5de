// key-problem.ts: what is wrong with a key as a shell, a .env file or a web page handed it over. Shows nothing of it.

/** Why the variable of this name holds no key as it is, as a clause about it; undefined when it may be one. */
export function keyProblem(name: string, key: string): string | undefined {
  const bare = key.trim();
  if (/^["'`“”‘’«»]|["'`“”‘’«»]$/.test(bare)) return `${name} has quotes around the key`;
  if (/^bearer\s/i.test(bare)) return `${name} begins with "Bearer", which is sent before the key anyway`;
  if (bare.startsWith(`${name}=`)) return `${name} holds its own name before the key`;
  if (/[^\x21-\x7e]/.test(key)) return `${name} holds a blank, a line end or another character that no key has`;
  return undefined;
}

export const KEY_ALONE = 'Set it to the key alone.';

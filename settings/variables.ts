// variables.ts: the variables of an environment that say something. Every process and every room that reads one starts here.

/** Names and values of variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment without what is empty: `NAME=` in a .env or compose file (`${NAME:-}`) means that it is not set. */
export function withoutEmptyVariables(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

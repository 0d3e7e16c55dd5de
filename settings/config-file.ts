// config-file.ts: what is said of a config file that can't be read, to workers and clients alike.

/** In a sentence that names the setting. */
export function configFileProblem(path: string, error: unknown): string {
  const said = `MUSTER_CONFIG names ${path}`;
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `${said}, and there is no such file`;
  if (error instanceof SyntaxError) return `${said}, which is no JSON: ${error.message}`;
  return `${said}, which can't be read: ${error instanceof Error ? error.message : String(error)}`;
}

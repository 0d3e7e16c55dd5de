// local-model.ts: whether Ollama runs on this machine, for a person whom the offline model answered: with a model of its own an
// answer is written, and still no key is needed. Asks for the list of its models and nothing else, and no other machine.

import type { Environment } from '../../settings/variables.ts';

const PORT = 11434;
/** It is there, or it is not: nobody waits for it. */
const PATIENCE_MS = 500;
const MOST_NAMED = 3;
/** As Ollama names models; whatever else stands there is not repeated to a terminal. */
const NAME = /^[\w.:/-]{1,80}$/;
const HERE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * What to set for a model of Ollama, in lines for a person; undefined where none answers.
 * @param env its `OLLAMA_HOST` names another port of this machine, as it does for Ollama itself. Default: 127.0.0.1:11434.
 */
export async function ollamaHere(env: Environment): Promise<string[] | undefined> {
  const server = addressOf(env.OLLAMA_HOST);
  if (server === undefined || env.MUSTER_MODEL !== undefined) return undefined;
  const [name, ...others] = await modelsAt(`${server}/v1/models`);
  if (name === undefined) return undefined;
  const all = [name, ...others].slice(0, MOST_NAMED).join(', ');
  return [
    `Ollama runs on this machine. One of its models (${all}) writes the answer, and needs no key:`,
    `  MUSTER_MODEL=${name} OPENAI_BASE_URL=${server}/v1 npx muster run …`,
  ];
}

function addressOf(host: string | undefined): string | undefined {
  try {
    const { protocol, hostname, port } = new URL(
      /:\/\//.test(host ?? '') ? (host ?? '') : `http://${host ?? 'localhost'}`,
    );
    // What it listens at everywhere it listens at here.
    const name = hostname === '0.0.0.0' || hostname === 'localhost' ? '127.0.0.1' : hostname;
    return protocol === 'http:' && HERE.test(name) ? `http://${name}:${port || PORT}` : undefined;
  } catch {
    return undefined;
  }
}

async function modelsAt(url: string): Promise<string[]> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    const { data } = (await answer.json()) as { data?: { id?: unknown }[] };
    return (data ?? []).flatMap(({ id }) =>
      typeof id === 'string' && NAME.test(id) && !/embed/i.test(id) ? [id] : [],
    );
  } catch {
    // Nothing there, or something else.
    return [];
  }
}

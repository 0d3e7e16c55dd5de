// ignore-rules.ts: what a walk leaves out without being told: machinery, secrets, and files that hold no text.
// A folder that somebody named is never left out, and neither are folders of that name below it, unless hidden.

import { basename, extname, sep } from 'node:path';

const FOLDERS = new Set([
  'node_modules',
  'bower_components',
  'dist',
  'build',
  'coverage',
  '__pycache__',
  'venv',
  'site-packages',
]);

const LOCK_FILES = new Set([
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'go.sum',
  'bun.lockb',
  'packages.lock.json',
]);

const SECRETS = new Set(['.pem', '.key', '.p12', '.pfx', '.jks', '.keystore', '.kdbx']);

const GENERATED = /\.(?:min\.(?:js|css|mjs)|map|tsbuildinfo|snap)$/i;

/** What may hold documents that somebody wants: told as not read, not as left out. */
const PACKED = new Set('.zip .gz .tgz .bz2 .xz .zst .7z .rar .tar'.split(' '));

const BINARY = new Set([
  ...PACKED,
  ...(
    '.png .jpg .jpeg .gif .webp .avif .bmp .ico .tif .tiff .svg .psd .heic .mp3 .mp4 .wav .ogg .flac .m4a .mov .avi ' +
    '.mkv .webm .woff .woff2 .ttf .otf .eot .jar .war .deb .rpm .dmg .iso ' +
    '.exe .dll .so .dylib .a .o .obj .lib .node .wasm .class .pyc .pyo .bin .dat .db .sqlite .sqlite3 .parquet .arrow ' +
    '.npy .npz .pt .onnx .gguf .safetensors'
  ).split(' '),
]);

export const isPacked = (name: string): boolean => PACKED.has(extname(name).toLowerCase());

/** Why a folder below the named one is left out; undefined when it is read. */
export function folderProblem(name: string, named: string): string | undefined {
  if (name.startsWith('.')) return 'hidden folder';
  if (named.split(sep).includes(name)) return undefined;
  return FOLDERS.has(name) ? `folder "${name}" is left out unless it is named` : undefined;
}

/** Why a file below the named folder is left out; undefined when it is read. */
export function fileProblem(name: string): string | undefined {
  const extension = extname(name).toLowerCase();
  if (name.startsWith('.')) return 'hidden file';
  if (SECRETS.has(extension) || /^id_(?:rsa|dsa|ecdsa|ed25519)$/.test(name)) return 'may hold a secret';
  if (BINARY.has(extension))
    return `no text is read from ${extension} files${PACKED.has(extension) ? '; unpack it' : ''}`;
  if (LOCK_FILES.has(name) || extension === '.lock') return 'lock file';
  return GENERATED.test(basename(name)) ? 'generated file' : undefined;
}

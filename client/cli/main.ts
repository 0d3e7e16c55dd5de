#!/usr/bin/env node
// main.ts: `muster`. Lets Node keep what it compiles (Node 22 on), before anything is loaded that is worth it.

import module from 'node:module';

(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
await import('./command-line.ts');

// copy-pdf-data.ts: puts the character maps of pdf.js, which its build in unpdf leaves out, into dist/, so that they are
// part of the package. Part of `npm run build`.

import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pdfData } from './pdf-data.ts';

const source = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
for (const kind of ['cmaps', 'standard_fonts']) cpSync(join(source, kind), pdfData(kind), { recursive: true });

// extract-thread.ts: the entry of the thread that parses files whose makers may have meant harm.

import { serveJobs } from '../../jobs/serve-jobs.ts';
import { extractText } from './extract-text.ts';

serveJobs(({ name, bytes }: { name: string; bytes: Uint8Array }) => extractText(name, bytes));

// page-thread.ts: the page thread's entry: makes text of pages, one at a time.

import { serveJobs } from '../jobs/serve-jobs.ts';
import { pageText } from './page-text.ts';

serveJobs(pageText);

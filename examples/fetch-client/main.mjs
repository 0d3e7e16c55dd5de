// main.mjs: a task over HTTP with nothing but fetch and EventSource, as a page or any program would: start, watch, result.

const EventSource = globalThis.EventSource ?? (await import('eventsource')).EventSource;
const url = process.env.MUSTER_URL ?? 'http://127.0.0.1:8234';
const [goal = 'What does this say?', ...sources] = process.argv.slice(2);

const started = await fetch(`${url}/tasks`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ goal, sources: sources.length > 0 ? sources : ['docs'] }),
});
if (started.status !== 202) throw new Error(`${started.status}: ${(await started.json()).detail}`);
const { task_id, urls } = await started.json();
console.error(`started ${task_id}`);

// Comes back by itself, behind the last event that it has seen, and ends behind `done`.
const stream = new EventSource(`${url}${urls.events}`);
const shown = (type) => stream.addEventListener(type, ({ data }) => console.error(`${JSON.parse(data).n} ${type}`));
for (const type of ['plan.ready', 'subtask.started', 'subtask.finding', 'answer.ready', 'task.closed']) shown(type);
// Those that name a subtask are of that sub-agent; the others are the answer.
stream.addEventListener('answer.delta', ({ data }) => {
  const { text, subtask } = JSON.parse(data);
  if (subtask === undefined) process.stderr.write(text);
});
await new Promise((done) => {
  stream.addEventListener('done', done);
  stream.addEventListener('error', ({ code }) => code === 204 && done());
});
stream.close();

const result = await fetch(`${url}${urls.result}`, { headers: { accept: 'text/markdown' } });
console.log(await result.text());

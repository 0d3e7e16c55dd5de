// chat.mjs: a notifier of one's own: a line in a chat room that takes `{ "text": "…" }` by HTTP POST, as many do.

import { defineNotifier } from 'muster-agents/activities';

export const chat = defineNotifier({
  name: 'chat',
  async deliver({ title, text }, { to, settings, signal }) {
    // Whoever starts a task writes `to`: it is a room's name here, and the address is the operator's.
    const room = settings.rooms?.[to];
    if (room === undefined) return { status: 'refused', reason: `there is no room "${to}"` };
    const body = JSON.stringify({ text: `*${title}*\n${text.slice(0, 2_000)}` });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(room, { method: 'POST', headers, body, signal, redirect: 'error' });
    await answer.body?.cancel();
    return answer.ok
      ? { status: 'delivered', code: answer.status }
      : { status: 'retry', reason: `the chat answered ${answer.status}` };
  },
});

// What `muster worker` loads: muster.json names this file under "extensions".
export const notifiers = [chat];

// quirk-server.ts: a model server with ways of its own before the simulator: what it refuses, what it adds to a reply, how it
// counts. The words come from the simulator. Keeps every body that it was sent.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { serve } from '../tools/support.ts';

type Json = Record<string, unknown>;

export interface Ways {
  api: 'chat' | 'responses';
  /** A status and words, for a body that it does not take; `nth` counts the bodies from 1. */
  refuse?: (body: Json, nth: number) => { status: number; message: string } | undefined;
  /** The message, or the output items, as it sends them. */
  say?: (reply: Json[]) => Json[];
  usage?: Json;
}

export interface QuirkServer {
  /** With `/v1`. */
  url: string;
  bodies: Json[];
  refused: string[];
  close(): Promise<void>;
}

/** @param simulator its address, with `/v1`. */
export async function quirkServer(
  simulator: string,
  { api, refuse, say = (all) => all, usage }: Ways,
): Promise<QuirkServer> {
  const bodies: Json[] = [];
  const refused: string[] = [];
  const server = await serve((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await textOf(request)) as Json;
    bodies.push(body);
    const no = refuse?.(body, bodies.length);
    if (no) {
      refused.push(no.message);
      response.writeHead(no.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: no.message, type: 'invalid_request_error' } }));
      return;
    }
    const { stream: _stream, stream_options: _options, ...whole } = body;
    const answered = await fetch(`${simulator}/${api === 'chat' ? 'chat/completions' : 'responses'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
      body: JSON.stringify(whole),
    });
    const reply = (await answered.json()) as { choices?: { message: Json }[]; output?: Json[]; usage: Json };
    if (!answered.ok) return void response.writeHead(answered.status).end(JSON.stringify(reply));
    const counts = usage ?? reply.usage;
    const events =
      api === 'chat'
        ? chunks(say([reply.choices?.[0]?.message ?? {}])[0] ?? {}, counts)
        : [
            ...say(reply.output ?? []).map((item, at) => ({
              type: 'response.output_item.done',
              output_index: at,
              item,
            })),
            { type: 'response.completed', response: { status: 'completed', output: [], usage: counts } },
          ];
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''));
  }
  return { url: `${server.origin}/v1`, bodies, refused, close: () => server.close() };
}

function chunks({ tool_calls: calls = [], ...message }: Json, usage: Json): Json[] {
  const numbered = (calls as Json[]).map((call, index) => ({ index, ...call }));
  const delta = { ...message, ...(numbered.length > 0 ? { tool_calls: numbered } : {}) };
  return [
    { choices: [{ index: 0, delta }] },
    { choices: [{ index: 0, delta: {}, finish_reason: numbered.length > 0 ? 'tool_calls' : 'stop' }] },
    { choices: [], usage },
  ];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

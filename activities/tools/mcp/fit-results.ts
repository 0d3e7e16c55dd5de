// fit-results.ts: what a server sends, made to fit the protocol before the SDK judges it whole: one tool that does not
// fit would take all of its server's tools away, and one block of a result would look like a lost connection.

import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { isObject } from './json-object.ts';
import { readResult } from './result-text.ts';

/** A tool as its server offers it. */
export interface OfferedTool {
  name: string;
  description?: string;
  annotations?: Record<string, unknown>;
  /** Whatever stood there. */
  inputSchema: unknown;
}

/** Pages of a list, and tools; a list that goes on is cut. */
const MAX_PAGES = 20;
const MAX_TOOLS = 2_000;
/** The newest protocol lets a call end with a question to a person. */
const ASKS_BACK = {
  text: 'It asks for more input in the middle of the call, which nobody here can give.',
  isError: true,
};
const OLDEST_VERSION = '2024-11-05';

/** The results of one connection. */
export class FittedResults {
  /** Of the list that was asked for last, all pages. */
  tools: OfferedTool[] = [];
  /** Of the same list: entries that are no tools, and whether it was cut. */
  unnamed = 0;
  isCut = false;
  readonly #methods = new Map<unknown, string>();
  /** As the server gave them, by the texts that the SDK takes them for. */
  readonly #cursors = new Map<string, unknown>();

  /** Stands between a transport and the SDK. */
  fit<T extends Transport>(transport: T): T {
    let listener: Transport['onmessage'];
    Object.defineProperty(transport, 'onmessage', {
      get: (): Transport['onmessage'] => listener && ((message, extra) => listener?.(this.#fitted(message), extra)),
      set: (given: Transport['onmessage']) => {
        listener = given;
      },
    });
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      this.#note(message);
      return send(this.#withOwnCursor(message), options);
    };
    return transport;
  }

  #note(message: JSONRPCMessage): void {
    if (!('method' in message) || !('id' in message)) return;
    this.#methods.set(message.id, message.method);
    if (message.method !== 'tools/list' || message.params?.cursor !== undefined) return;
    this.#cursors.clear();
    Object.assign(this, { tools: [], unnamed: 0, isCut: false });
  }

  /** A server that counts its pages gets its number back, and no text. */
  #withOwnCursor(message: JSONRPCMessage): JSONRPCMessage {
    if (!('method' in message) || message.method !== 'tools/list') return message;
    const { params } = message;
    if (typeof params?.cursor !== 'string') return message;
    return { ...message, params: { ...params, cursor: this.#cursors.get(params.cursor) } };
  }

  #fitted<T extends JSONRPCMessage>(message: T): T {
    if ('method' in message || !('id' in message)) return message;
    const method = this.#methods.get(message.id);
    this.#methods.delete(message.id);
    if (!('result' in message) || !isObject(message.result)) return message;
    const { result } = message;
    // `resultType` must be there in the newest protocol and is passed over in the older ones.
    const { resultType = 'complete' } = result;
    if (method === 'initialize') return { ...message, result: fitStart(result) };
    if (method === 'tools/list') return { ...message, result: { ...this.#fitList(result), resultType } };
    if (method !== 'tools/call') return message;
    const { text, isError } = resultType === 'input_required' ? ASKS_BACK : readResult(result);
    return { ...message, result: { content: [{ type: 'text', text }], isError, resultType: 'complete' } };
  }

  #fitList(list: Record<string, unknown>): Record<string, unknown> {
    const { tools: listed, nextCursor, ...rest } = list;
    const shown = entriesOf(listed).flatMap((tool) => {
      const read = offered(tool);
      if (!read) this.unnamed += 1;
      else if (this.tools.length >= MAX_TOOLS) this.isCut = true;
      else {
        this.tools.push(read);
        return [forSdk(read)];
      }
      return [];
    });
    // A list that repeats itself would be asked for until the SDK gives all of it up.
    const cursor = typeof nextCursor === 'string' ? nextCursor : JSON.stringify(nextCursor);
    const isNew = Boolean(nextCursor) && cursor !== undefined && !this.#cursors.has(cursor);
    const goesOn = isNew && this.#cursors.size < MAX_PAGES - 1;
    if (isNew && !goesOn) this.isCut = true;
    if (goesOn) this.#cursors.set(cursor, nextCursor);
    return { ...rest, tools: shown, ...(goesOn ? { nextCursor: cursor } : {}) };
  }
}

/** Some servers give a table of tools by name. */
function entriesOf(listed: unknown): unknown[] {
  if (Array.isArray(listed)) return listed;
  if (!isObject(listed)) return [];
  return Object.entries(listed).map(([name, tool]) => (isObject(tool) ? { name, ...tool } : tool));
}

function offered(tool: unknown): OfferedTool | undefined {
  if (!isObject(tool)) return undefined;
  const { name, description, annotations, inputSchema } = tool;
  if (typeof name !== 'string' || name.trim() === '') return undefined;
  return {
    name,
    inputSchema,
    ...(typeof description === 'string' ? { description } : {}),
    ...(isObject(annotations) ? { annotations } : {}),
  };
}

/** Without what nobody here asks the SDK about; the schema as it is where it fits, since it may name headers to send. */
const forSdk = ({ name, inputSchema }: OfferedTool): Record<string, unknown> => ({
  name,
  inputSchema: isSound(inputSchema) ? inputSchema : { type: 'object' },
});

function isSound(schema: unknown): boolean {
  if (!isObject(schema) || schema.type !== 'object') return false;
  const { properties = {}, required = [] } = schema;
  return (
    isObject(properties) &&
    Object.values(properties).every(isObject) &&
    Array.isArray(required) &&
    required.every((name) => typeof name === 'string')
  );
}

/** A server that forgets to say that it has tools, or who it is, has them all the same. */
function fitStart(result: Record<string, unknown>): Record<string, unknown> {
  const { protocolVersion, capabilities, serverInfo, instructions: _forNobody, ...rest } = result;
  const { name, version } = isObject(serverInfo) ? serverInfo : {};
  const { tools, ...others } = isObject(capabilities) ? capabilities : {};
  return {
    ...rest,
    protocolVersion: typeof protocolVersion === 'string' ? protocolVersion : OLDEST_VERSION,
    capabilities: { ...others, tools: isObject(tools) ? tools : {} },
    serverInfo: {
      name: typeof name === 'string' ? name : 'unnamed',
      version: typeof version === 'string' ? version : '0',
    },
  };
}

// tools.ts: the config file's words about what reaches outside: the web, and MCP servers. Unknown keys are errors.

import { z } from 'zod';

const HOST = /^(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/i;

/** `web`: absent means that nothing reads the web. */
export const webSettings = z.strictObject({
  /** Hosts (`docs.example.com`, `*.example.com`, with `:port` where only that is meant). Empty: every public host. */
  allow: z.array(z.string().regex(HOST, 'is no host: write docs.example.com or *.example.com')).default([]),
  /** `host:port` pairs that may be read although they are not public. */
  allowPrivate: z.array(z.string().regex(/^(\[[0-9a-f:]+\]|[a-z0-9.-]+):\d{1,5}$/i, 'is no host:port')).default([]),
});

/** First words of the built-in tools' names: with them a server could pass its tools off as ours. */
const TAKEN = ['read', 'search', 'calculate'];

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,23}$/, 'a server is named by small letters, digits and -, at most 24')
  .refine(
    (one) => !TAKEN.includes(one),
    `a server can't be named ${TAKEN.join(', ')}: tools that are built in begin so`,
  );

const common = {
  name,
  /** Seconds that a call may take. */
  callSeconds: z.number().positive().max(3_600).default(60),
  /** Seconds that it may take to start, and to list its tools. */
  startSeconds: z.number().positive().max(3_600).default(60),
  /**
   * Whether to believe what the server says of its tools' side effects. If not, no call of them is ever repeated after
   * a crash.
   */
  trustHints: z.boolean().default(true),
};

/** One of `mcp`: a process that speaks over its standard streams, or an address. */
export const mcpServer = z.union([
  z.strictObject({
    ...common,
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    /** All that the process gets beside PATH, HOME and the like; the worker's own keys are never among it. */
    env: z.record(z.string(), z.string()).default({}),
  }),
  z.strictObject({
    ...common,
    url: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string(), z.string()).default({}),
  }),
]);

/** `mcp`: the servers that a worker may use. */
export const mcpServers = z
  .array(mcpServer)
  .max(32)
  .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'two servers have one name');

/** An MCP server as one writes it: what has a default may be left out. */
export type McpServerConfig = z.input<typeof mcpServer>;

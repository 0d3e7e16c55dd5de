// index.ts: the gateway as a library: mount `fetch` into any server, and `upgrade` where WebSockets are wanted.

export { accessLog } from './access-log.ts';
export { createGateway, type Gateway } from './create-gateway.ts';
export type { GatewayOptions } from './options.ts';
export type { AccessEntry } from './routes/context.ts';
export type { Caller, Scope } from './doors/caller.ts';
export { keyDoor } from './doors/key-door.ts';
export type { NamedSource } from './routes/named-sources.ts';
export { nodeListener, serveGateway, type ConnectionLimits, type Served } from './serve.ts';

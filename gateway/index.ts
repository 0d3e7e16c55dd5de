// index.ts: the gateway as a library: mount `fetch` into any server, and `upgrade` where WebSockets are wanted.

export { createGateway, type AccessEntry, type Gateway, type GatewayOptions } from './create-gateway.ts';
export type { Caller, Scope } from './doors/caller.ts';
export { keyDoor } from './doors/key-door.ts';
export type { NamedSource } from './routes/named-sources.ts';
export { serveGateway, type Served } from './serve.ts';

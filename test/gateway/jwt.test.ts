// Tokens of an identity provider: whose are taken, for which tenant and scopes, and what no token gets in with.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { keyDoor } from '../../gateway/index.ts';
import { createKey } from '../../gateway/doors/keys.ts';
import { fileStore } from '../../store/file-store.ts';

const RULES = { issuer: 'https://id.example.com/', audience: 'muster' };
const folder = mkdtempSync(join(tmpdir(), 'muster-jwt-'));
const store = fileStore(join(folder, 'store'));
let file: string;
let jwks: string;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let others: Awaited<ReturnType<typeof generateKeyPair>>;
beforeAll(async () => {
  [keys, others] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
  jwks = JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'ES256' }] });
  file = join(folder, 'jwks.json');
  writeFileSync(file, jwks);
});

const token = (claims: JWTPayload, { key = keys.privateKey, exp = '5m' as string | number } = {}) =>
  new SignJWT({ iss: RULES.issuer, aud: RULES.audience, sub: 'anna', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setExpirationTime(exp)
    .sign(key);
const asks = (value: string, headers: Record<string, string> = {}) =>
  new Request('http://x/tasks', { headers: { authorization: `Bearer ${value}`, ...headers } });
const both = { tenant: 'acme', scope: 'openid tasks:read tasks:write' };

test('a token that the provider signed acts for the tenant that it names, with the scopes of ours that it has', async () => {
  const door = keyDoor(store, { isLoopback: true, jwt: { jwks: file, ...RULES } });
  const caller = await door(asks(await token(both)));
  expect(caller).toMatchObject({ tenant: 'acme', name: 'anna', scopes: ['tasks:read', 'tasks:write'] });
  // Streams end with it.
  expect(caller?.until).toBeGreaterThan(Date.now() + 200_000);
  expect(caller?.until).toBeLessThan(Date.now() + 400_000);
  expect((await door(asks(await token({ tenant: 'acme', scope: 'tasks:read tenant:*' }))))?.scopes).toEqual([
    'tasks:read',
  ]);
  expect((await door(asks(await token({ tenant: 'acme' }))))?.scopes).toEqual([]);
  const lax = keyDoor(store, {
    isLoopback: true,
    jwt: { jwks: file, ...RULES, tenantClaim: 'org', scopes: ['tasks:read'] },
  });
  expect(await lax(asks(await token({ org: 'b' })))).toMatchObject({ tenant: 'b', scopes: ['tasks:read'] });
  await expect(door(asks(await token(both), { 'muster-tenant': 'others' }))).rejects.toMatchObject({
    code: 'forbidden',
  });
  for (const tenant of [undefined, '', 'a b', 5, { $ne: 1 }])
    await expect(door(asks(await token({ ...both, tenant })))).rejects.toMatchObject({ code: 'forbidden' });
  // Keys go on beside it, and nobody gets in without either.
  const { key } = await createKey(store, { name: 'n', tenant: 'ours', scopes: ['tasks:read'] });
  expect(await door(asks(key))).toMatchObject({ tenant: 'ours' });
  expect(await door(new Request('http://x/tasks'))).toBeUndefined();
});

test('a token of anybody else, for anybody else, too old, without an end or without a signature gets nobody in', async () => {
  const door = keyDoor(store, { isLoopback: true, jwt: { jwks: file, ...RULES } });
  const secret = new TextEncoder().encode(jwks);
  const header = { alg: 'HS256', kid: 'k' };
  const claims = { iss: RULES.issuer, aud: RULES.audience, ...both };
  const bad = [
    await token(both, { key: others.privateKey }),
    await token({ ...both, iss: 'https://evil.example/' }),
    await token({ ...both, aud: 'another' }),
    await token(both, { exp: Math.floor(Date.now() / 1_000) - 60 }),
    await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(keys.privateKey),
    // The public keys as a shared secret, and none at all.
    await new SignJWT(claims).setProtectedHeader(header).setExpirationTime('5m').sign(secret),
    new UnsecuredJWT(claims).setExpirationTime('5m').encode(),
    `${await token(both)}x`,
    'a.b.c',
    'x'.repeat(9_000),
  ];
  for (const one of bad) expect(await door(asks(one))).toBeUndefined();
});

test('keys come from an address, too, and while that does not answer nobody is told that their token is bad', async () => {
  let isUp = true;
  const provider = createServer((_request, response) => {
    if (isUp) response.setHeader('content-type', 'application/json').end(jwks);
    else response.writeHead(500).end('no');
  });
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/jwks`;
  const door = () => keyDoor(store, { isLoopback: true, jwt: { jwks: address, ...RULES } });
  expect(await door()(asks(await token(both)))).toMatchObject({ tenant: 'acme' });
  isUp = false;
  await expect(door()(asks(await token(both)))).rejects.toMatchObject({ code: 'identity_unavailable' });
  // What is no token at all needs no keys to be refused.
  expect(await door()(asks('nonsense'))).toBeUndefined();
  await new Promise<void>((done) => provider.close(() => done()));
  await expect(door()(asks(await token(both)))).rejects.toMatchObject({ code: 'identity_unavailable' });
  expect(() => keyDoor(store, { isLoopback: true, jwt: { jwks: join(folder, 'none.json'), ...RULES } })).toThrow(
    'none.json',
  );
});

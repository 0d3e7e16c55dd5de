import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { gzipSync, brotliCompressSync } from 'node:zlib';
import { fetchPage } from '../../documents/web/fetch-page.ts';
import { NotPublicError, publicLookup, refuseUnlessPublic } from '../../documents/web/public-addresses.ts';
import { judgeUrl } from '../../documents/web/url-guard.ts';
import { WebError } from '../../documents/web/web-error.ts';
import type { WebOptions } from '../../documents/web/web-options.ts';
import { serve, type TestServer } from '../tools/support.ts';
import { until } from '../rig/until.ts';

const { signal } = new AbortController();
const ANY: WebOptions = { allow: [] };

const failure = async (address: string, options: WebOptions = ANY): Promise<WebError> => {
  const error: unknown = await fetchPage(address, options, signal).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WebError);
  return error as WebError;
};

/** Every name leads to this address. */
const leadsTo = (...addresses: string[]): LookupFunction =>
  ((_name: string, options: { all?: boolean }, done: (...args: unknown[]) => void) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) done(null, found);
    else done(null, found[0]?.address, found[0]?.family);
  }) as LookupFunction;

describe('a worker that listens on loopback, and a model that wants to reach it', () => {
  let server: TestServer;
  let port: string;
  beforeAll(async () => {
    server = await serve((_request, response) => response.setHeader('content-type', 'text/plain').end('the secret'));
    port = server.origin.split(':').at(-1) ?? '';
  });
  afterAll(() => server.close());
  afterEach(() => expect(server.asked).toEqual([]));

  test.each([
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0x7F.0x0.0x0.0x1',
    '0177.0.0.1',
    '017700000001',
    '%31%32%37.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '127.0.0.1.',
    '0',
    '0.0.0.0',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:FFFF:127.0.0.1]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
  ])('is refused %s', async (host) => {
    const { type, message } = await failure(`http://${host}:${port}/`);
    expect(type).toBe('NotAllowed');
    expect(message).toBe('it leads to an address that is not public');
  });

  test.each(['rebind.example', 'a.b.example'])('is refused the name %s that resolves to loopback', async (host) => {
    const { type, message } = await failure(`http://${host}:${port}/`, { allow: [host], lookup: leadsTo('127.0.0.1') });
    expect([type, message]).toEqual(['NotAllowed', 'it leads to an address that is not public']);
  });

  test('is refused a name of which one address is public and another is not', async () => {
    const lookup = leadsTo('93.184.215.14', '::1');
    expect((await failure(`http://mixed.example:${port}/`, { allow: [], lookup })).type).toBe('NotAllowed');
  });
});

test.each([
  ['private 10', 'http://10.0.0.1/'],
  ['private 172', 'http://172.16.0.1/'],
  ['private 192', 'http://192.168.1.1/'],
  ['private in decimal', 'http://3232235777/'],
  ['private over https', 'https://10.1/'],
  ['carrier-grade NAT', 'http://100.64.0.1/'],
  ['another cloud’s metadata', 'http://100.100.100.200/latest/meta-data/'],
  ['link-local', 'http://169.254.0.1/'],
  ['metadata', 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'],
  ['metadata in hexadecimal', 'http://0xa9fea9fe/'],
  ['metadata in octal', 'http://0251.0376.0251.0376/'],
  ['metadata by IPv6', 'http://[fd00:ec2::254]/'],
  ['metadata, IPv4-mapped', 'http://[::ffff:169.254.169.254]/'],
  ['a platform’s endpoint at a public number', 'http://168.63.129.16/machine'],
  ['unique local', 'http://[fc00::1]/'],
  ['link-local IPv6', 'http://[fe80::1]/'],
  ['site-local IPv6', 'http://[fec0::1]/'],
  ['multicast', 'http://224.0.0.1/'],
  ['broadcast', 'http://255.255.255.255/'],
  ['benchmark', 'http://198.18.0.1/'],
  ['reserved', 'http://240.0.0.1/'],
  ['documentation', 'http://[2001:db8::1]/'],
  ['NAT64', 'http://[64:ff9b::a9fe:a9fe]/'],
])('an address that is not public is refused: %s', async (_what, address) => {
  expect((await failure(address)).type).toBe('NotAllowed');
});

test.each([
  ['file', 'file:///etc/passwd', 'only http and https'],
  ['ftp', 'ftp://example.com/a', 'only http and https'],
  ['gopher', 'gopher://127.0.0.1:6379/_INFO', 'only http and https'],
  ['data', 'data:text/html,hello', 'only http and https'],
  ['javascript', 'javascript:alert(1)', 'only http and https'],
  ['blob', 'blob:https://example.com/1', 'only http and https'],
  ['credentials', 'http://user:secret@example.com/', 'user name or password'],
  ['a user that looks like a host', 'https://example.com@169.254.169.254/', 'user name or password'],
  ['no scheme', 'example.com/page', 'no address'],
  ['a mail port', 'http://example.com:25/', 'port 25'],
  ['a zone', 'http://[fe80::1%25eth0]/', 'no address'],
  ['a zero byte', 'http://127.0.0.1%00.example.com/', 'no address'],
  ['endless', `https://example.com/${'a'.repeat(3_000)}`, '2048 characters'],
])('an address is refused before anything is asked: %s', async (_what, address, words) => {
  const { type, message } = await failure(address);
  expect(type).toBe('NotAllowed');
  expect(message).toContain(words);
  expect(message).not.toContain('secret');
});

test('an operator’s allow-list names hosts, hosts below one, and ports', () => {
  const allow = ['docs.example.com', '*.example.org', 'api.example.net:8443'];
  const may = (address: string): boolean => {
    try {
      return judgeUrl(address, { allow }).mayBePrivate === false;
    } catch {
      return false;
    }
  };
  expect(['https://docs.example.com/a', 'http://DOCS.example.com.:8080/', 'https://a.b.example.org/'].map(may)).toEqual(
    [true, true, true],
  );
  expect(may('https://api.example.net:8443/')).toBe(true);
  const refused = [
    'https://example.com/',
    'https://evil-docs.example.com/',
    'https://docs.example.com.evil.net/',
    'https://example.org/',
    'https://evilexample.org/',
    'https://api.example.net/',
    'https://evil.net/?docs.example.com',
  ];
  expect(refused.map(may)).toEqual(refused.map(() => false));
});

describe('a reader that may read one private server', () => {
  let server: TestServer;
  let other: TestServer;
  let options: WebOptions;
  const stopped: string[] = [];
  /** Bytes that the server could write before it was hung up on. */
  const sent = new Map<string, number>();
  const text = { 'content-type': 'text/plain' };

  beforeAll(async () => {
    other = await serve((_request, response) => response.writeHead(200, text).end('the secret'));
    server = await serve((request, response) => {
      const path = request.url ?? '/';
      const to = new URLSearchParams(path.split('?')[1]).get('to');
      response.on('close', () => {
        stopped.push(path);
        sent.set(path, request.socket.bytesWritten);
      });
      if (to !== null) return response.writeHead(302, { location: to }).end();
      const hops = /^\/hops\/(\d+)$/.exec(path)?.[1];
      if (hops)
        return response
          .writeHead(Number(hops) > 0 ? 307 : 200, { ...text, location: `/hops/${Number(hops) - 1}` })
          .end('there');
      if (path === '/lost') return response.writeHead(301).end();
      if (path === '/zip')
        return response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end(gzipSync('zipped'));
      if (path === '/br')
        return response.writeHead(200, { ...text, 'content-encoding': 'br' }).end(brotliCompressSync('brotli'));
      if (path === '/twice')
        return response.writeHead(200, { ...text, 'content-encoding': 'gzip, gzip' }).end(gzipSync(gzipSync('x')));
      if (path === '/broken') return response.writeHead(200, { ...text, 'content-encoding': 'gzip' }).end('no gzip');
      if (path === '/bomb') {
        return response
          .writeHead(200, { ...text, 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(200_000_000)));
      }
      if (path === '/said') return response.writeHead(200, { ...text, 'content-length': 6_000_000 }).write('a');
      if (path === '/endless') {
        response.writeHead(200, text);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 'a')));
        };
        response.on('drain', more);
        return more();
      }
      if (path === '/drip') {
        response.writeHead(200, text);
        const drip = setInterval(() => response.write('a'), 20);
        return void response.on('close', () => clearInterval(drip));
      }
      if (path === '/silent') return;
      if (path === '/exe') return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end('MZ');
      if (path === '/nameless') return response.writeHead(200).end('what am I');
      if (path === '/gone') return response.writeHead(404, text).end('gone');
      return response.writeHead(200, text).end(`you asked ${path} of ${request.headers.host}`);
    });
    options = { allow: [], allowPrivate: [server.pair] };
  });
  afterAll(async () => {
    await server.close();
    await other.close();
  });
  const read = async (path: string, more: Partial<WebOptions> = {}) =>
    await fetchPage(server.origin + path, { ...options, ...more }, signal);

  test('reads it, follows its redirects, and keeps fragments to itself', async () => {
    const page = await read('/a?b=c#d');
    expect(Buffer.from(page.bytes).toString()).toBe(`you asked /a?b=c of ${server.pair}`);
    const followed = await read('/hops/5');
    expect(followed.url).toBe(`${server.origin}/hops/0`);
    expect(Buffer.from((await read('/zip')).bytes).toString()).toBe('zipped');
    expect(Buffer.from((await read('/br')).bytes).toString()).toBe('brotli');
  });

  test('does not reach another port of the same host', async () => {
    expect((await failure(other.origin, options)).type).toBe('NotAllowed');
    expect(other.asked).toEqual([]);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[::1]/',
    'http://localhost/',
    'http://10.0.0.1/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'data:text/plain,hello',
    'http://user:pass@example.com/',
    '//127.0.0.1/',
  ])('does not follow a redirect to %s', async (to) => {
    const { type, message } = await failure(`${server.origin}/?to=${encodeURIComponent(to)}`, options);
    expect(type).toBe('Unreachable');
    expect(message).toContain('redirects to where this worker does not go');
  });

  test('does not follow a redirect to a neighbour, off the allow-list, for ever, or nowhere', async () => {
    const away = (to: string, more: WebOptions) => failure(`${server.origin}/?to=${encodeURIComponent(to)}`, more);
    expect((await away(other.origin, options)).message).toContain('not public');
    expect((await away('https://example.org/', { ...options, allow: ['example.com'] })).message).toContain('not among');
    expect(other.asked).toEqual([]);
    expect((await failure(`${server.origin}/hops/6`, options)).message).toContain('more than 5 times');
    expect((await failure(`${server.origin}/lost`, options)).message).toContain('does not say where');
  });

  test.each([
    ['/said', 'longer than the 5 MB'],
    ['/endless', 'longer than the 5 MB'],
    ['/bomb', 'longer than the 5 MB'],
    ['/broken', 'compressed body is broken'],
    ['/twice', 'packed as "gzip, gzip"'],
    ['/exe', '"application/octet-stream"'],
    ['/nameless', 'no named kind'],
  ])('gives up on %s and hangs up', async (path, words) => {
    const { type, message } = await failure(server.origin + path, options);
    expect(type).toBe('Unreadable');
    expect(message).toContain(words);
    await until('the server is hung up on', () => stopped.includes(path));
    // Five million read, and what the system keeps of a socket's at both ends.
    expect(sent.get(path)).toBeLessThan(30_000_000);
  });

  test.each(['/drip', '/silent'])('does not wait for ever for %s', async (path) => {
    // Neither ever ends by itself.
    const { type, message } = await failure(server.origin + path, { ...options, limits: { milliseconds: 300 } });
    expect([type, message]).toEqual(['Unreachable', 'it did not come within 0.3 s']);
  });

  test('says what a server answers, and what can’t be reached', async () => {
    expect((await failure(`${server.origin}/gone`, options)).message).toBe('its server answers 404');
    const gone = await serve((_request, response) => response.end());
    await gone.close();
    expect((await failure(gone.origin, { allow: [], allowPrivate: [gone.pair] })).message).toContain('ECONNREFUSED');
  });

  test('a cancelled sub-agent stops reading at once, with its own reason', async () => {
    const stop = new AbortController();
    const reading = fetchPage(`${server.origin}/silent`, options, stop.signal);
    setTimeout(() => stop.abort(new Error('cancelled by the user')), 50);
    await expect(reading).rejects.toThrow('cancelled by the user');
  });
});

test('an IPv6 literal that is allowed is reached by its number', async () => {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/plain').end('six'));
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(0, '::1', () => resolve(true));
  });
  if (!listening) return;
  const pair = `[::1]:${(server.address() as AddressInfo).port}`;
  const page = await fetchPage(`http://${pair}/`, { allow: [], allowPrivate: [pair] }, signal);
  expect(Buffer.from(page.bytes).toString()).toBe('six');
  await new Promise((resolve) => server.close(resolve));
});

test.each([
  ['an IPv4 address', '93.184.216.34', true],
  ['an IPv6 address', '2606:2800:220:1:248:1893:25c8:1946', true],
  ['a loopback address of IPv6', '::1', false],
  ['an IPv4 address written as one of IPv6', '::ffff:93.184.216.34', false],
  ['the platform of a cloud', '168.63.129.16', false],
])(
  'a host with %s is asked for only when that is public, as a literal or by name',
  async (_what, address, isPublic) => {
    const found = await new Promise((done) =>
      publicLookup((_host, _options, answer) => answer(null, address, address.includes(':') ? 6 : 4))(
        'host.example',
        {},
        (error) => done(error ?? 'found'),
      ),
    );
    if (isPublic) {
      expect(found).toBe('found');
      expect(() => refuseUnlessPublic(address)).not.toThrow();
    } else {
      expect(found).toBeInstanceOf(NotPublicError);
      expect(() => refuseUnlessPublic(address)).toThrow(NotPublicError);
    }
  },
);

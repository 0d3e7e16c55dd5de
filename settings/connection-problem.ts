// connection-problem.ts: why a Temporal server can't be used, found by asking its port what it speaks, and what to type.
// The SDKs say "deadline" or a raw status for all of it. Asked only after a connection failed.

import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { hostAndPort, isRefusing } from './listening.ts';
import { SettingError } from './setting-error.ts';
import type { TemporalSettings } from './temporal-settings.ts';
import type { Environment } from './variables.ts';

const PROBE_MS = 3_000;
/** What an HTTP/2 client says first; its server answers with a frame of settings. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const SETTINGS_FRAME = 4;

interface Spoken {
  /** The connection stood, with TLS where that was tried. */
  opened: boolean;
  http2: boolean;
  error?: NodeJS.ErrnoException;
}

/**
 * What failed and what mends it. Never throws.
 *
 * @param error what the SDK threw.
 */
export async function connectionProblem(settings: TemporalSettings, error: unknown): Promise<SettingError> {
  const { address, options, tlsFrom } = settings;
  const problem = (message: string, hint: string): SettingError => new SettingError(message, hint, { cause: error });
  const plain = await spoken(settings, false);
  if (!plain.opened)
    return problem(
      `no Temporal server answers at ${address}: ${reasonOf(plain.error)}`,
      'Start the local one with muster up, or name yours in TEMPORAL_ADDRESS.',
    );
  if (plain.http2 && options.tls)
    return problem(
      `the Temporal server at ${address} speaks no TLS, which ${tlsFrom.join(', ') || 'the Temporal profile'} asks for`,
      tlsFrom.length > 0 ? `unset ${tlsFrom.join(' ')}, or set TEMPORAL_TLS=false.` : 'Set TEMPORAL_TLS=false.',
    );
  if (plain.http2) return refusal(settings, error);
  const secure = await spoken(settings, true);
  const certificate = secure.error && certificateProblem(secure.error, address);
  if (!options.tls && (secure.opened || certificate))
    return problem(
      `the server at ${address} speaks TLS, and this connection has none`,
      'Set TEMPORAL_TLS=true; where the server wants a certificate, also TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.',
    );
  if (certificate) return problem(...certificate);
  if (secure.http2) return refusal(settings, error);
  // Some servers close without a word when they don't know a certificate.
  if (secure.opened && isIdentified(options.tls))
    return problem(...clientRefused(address, 'the connection was closed'));
  return noTemporal(address, error);
}

/** Where one of these is set, Temporal's client goes through a proxy: the port itself says nothing then. */
const PROXIES = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/**
 * What is wrong where the port refuses connections, without a client, which would try again until its time is over; undefined
 * where it does not.
 */
export async function closedPort(settings: TemporalSettings, env: Environment): Promise<SettingError | undefined> {
  if (PROXIES.some((name) => env[name] !== undefined) || !(await isRefusing(settings.address))) return undefined;
  return await connectionProblem(settings, new Error('the connection was refused'));
}

/** Something else listens there. */
export function noTemporal(address: string, error: unknown): SettingError {
  return new SettingError(
    `what listens at ${address} does not answer as a Temporal server`,
    'Set TEMPORAL_ADDRESS to a Temporal server, or unset it and start the local one with muster up.',
    { cause: error },
  );
}

/**
 * A web server or a proxy that speaks HTTP/2: of either SDK, a status of HTTP where one of gRPC belongs. One that says that it
 * is busy, away or closed to whoever asks may stand before a Temporal server.
 */
export const isStatusOfHttp = (error: unknown): boolean => /HTTP status code 4(?!01|03|08|29)\d\d/.test(String(error));

/** The server has no such namespace. */
export function namespaceProblem({
  address,
  namespace,
}: Pick<TemporalSettings, 'address' | 'namespace'>): SettingError {
  return new SettingError(
    `the Temporal server at ${address} has no namespace "${namespace}" (TEMPORAL_NAMESPACE, or the Temporal profile, names it)`,
    `unset TEMPORAL_NAMESPACE or set it to one that is there, or make it: temporal operator namespace create --namespace ${namespace} --address ${address}`,
  );
}

/** A server that speaks as it should, and refuses. */
function refusal({ address, options }: TemporalSettings, error: unknown): SettingError {
  if (isStatusOfHttp(error)) return noTemporal(address, error);
  if (!isRefused(error))
    return new SettingError(
      `the server at ${address} took the connection, but did not answer in time`,
      'See that it is healthy (temporal operator cluster health), then try again.',
      { cause: error },
    );
  return accessProblem(address, options.apiKey !== undefined, error);
}

/** The server knows who asks, or doesn't, and refuses. */
export function accessProblem(address: string, hasKey: boolean, error: unknown): SettingError {
  return new SettingError(
    `the Temporal server at ${address} refuses ${hasKey ? 'the key in TEMPORAL_API_KEY' : 'a connection without a key or certificate'}`,
    `Set TEMPORAL_API_KEY to a key that may use the namespace${hasKey ? '' : ', or name a certificate in TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH'}.`,
    { cause: error },
  );
}

/** UNAUTHENTICATED or PERMISSION_DENIED, of either SDK, however deep. */
export function isRefused(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (code === 16 || code === 7 || /\b(Unauthenticated|PermissionDenied)\b/.test(cause.message)) return true;
  }
  return false;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'its name can’t be looked up just now',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
};

const reasonOf = ({ code = '', message }: NodeJS.ErrnoException = new Error('silence')): string =>
  REASONS[code] ?? message;

/** What is wrong with a certificate, its own or the client's; undefined when the server speaks no TLS at all. */
function certificateProblem(error: NodeJS.ErrnoException, address: string): [string, string] | undefined {
  const { code = '', message } = error;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return [
      `the certificate of the Temporal server at ${address} is for another name: ${message}`,
      'Set TEMPORAL_TLS_SERVER_NAME to the name in the certificate.',
    ];
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code))
    return [
      `the certificate of the Temporal server at ${address} is not valid today (${message})`,
      'Renew it on the server, or see this machine’s clock.',
    ];
  if (/CERT|ISSUER|VERIFY/.test(code) && !/ALERT/.test(code))
    return [
      `the certificate of the Temporal server at ${address} is not trusted here (${message})`,
      'Set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the file of the authority that signed it.',
    ];
  if (/ALERT_UNKNOWN_CA|ALERT_BAD_CERT|ALERT_DECRYPT_ERROR|ALERT_CERTIFICATE_(EXPIRED|UNKNOWN|REVOKED)/.test(code))
    return clientRefused(address, message.trim());
  if (/ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)/.test(code))
    return [
      `the Temporal server at ${address} wants a client certificate`,
      'Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH to the files of one that it trusts.',
    ];
  if (code.startsWith('ERR_OSSL'))
    return [
      `the certificate or key in TEMPORAL_TLS_CLIENT_CERT_PATH, TEMPORAL_TLS_CLIENT_KEY_PATH or TEMPORAL_TLS_SERVER_CA_CERT_PATH can’t be used (${message})`,
      'Name files in PEM form, the key being the certificate’s own.',
    ];
  return undefined;
}

const clientRefused = (address: string, reason: string): [string, string] => [
  `the Temporal server at ${address} refuses this client’s certificate (${reason})`,
  'Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH to a certificate that it trusts.',
];

const isIdentified = (tls: TemporalSettings['options']['tls']): boolean =>
  typeof tls === 'object' && tls?.clientCertPair !== undefined;

/** What a port speaks when it is greeted in HTTP/2, with the settings' TLS or in plain. */
async function spoken({ address, options }: TemporalSettings, secure: boolean): Promise<Spoken> {
  const to = hostAndPort(address);
  return await new Promise((settle) => {
    let opened = false;
    let socket: Socket;
    try {
      socket = secure ? connectTls({ ...to, ...tlsOptions(to.host, options.tls) }) : connectTcp(to);
    } catch (error) {
      settle({ opened, http2: false, error: error as NodeJS.ErrnoException });
      return;
    }
    const end = (what: Omit<Spoken, 'opened'>): void => {
      settle({ opened, ...what });
      socket.destroy();
    };
    socket.setTimeout(PROBE_MS, () => end({ http2: false }));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      opened = true;
      socket.write(PREFACE);
    });
    socket.once('data', (data: Buffer) => end({ http2: data[3] === SETTINGS_FRAME }));
    socket.once('error', (error) => end({ http2: false, error }));
    socket.once('close', () => end({ http2: false }));
  });
}

function tlsOptions(host: string, tls: TemporalSettings['options']['tls']): ConnectionOptions {
  const given = typeof tls === 'object' && tls !== null ? tls : {};
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = given;
  const name = serverNameOverride ?? host;
  return {
    ALPNProtocols: ['h2'],
    // An address is no name to ask for.
    ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
    ...(serverRootCACertificate ? { ca: Buffer.from(serverRootCACertificate) } : {}),
    ...(clientCertPair ? { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) } : {}),
  };
}

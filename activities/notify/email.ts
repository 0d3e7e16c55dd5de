// email.ts: the notifier `email`: a mail through the deployment's own mail server, to whom its config allows. The server's
// words go nowhere, its codes do.

import { z } from 'zod';
import { checkDefinition, type ShapesOf } from '../../protocol/schemas/definition.ts';
import { receiverProblem } from '../../protocol/schemas/notify.ts';
import { mailHtml } from './mail-html.ts';
import { defineNotifier, type NotifyMessage, type Notifier, type Sent } from './notifier.ts';

export interface EmailOptions {
  host: string;
  /** Default: 465 with `secure`, else 587. */
  port?: number;
  /** TLS from the first byte. Default: STARTTLS, without which no password is sent but to this machine. */
  secure?: boolean;
  /** Sender's address. */
  from: string;
  auth?: { user: string; password: string };
  /** Whom mails may go to: addresses, and `@example.com` for all of a domain. */
  allow: readonly string[];
}

/** Greylisting and checks of contents take their time. */
const TIMEOUT_SECONDS = 45;

const optionShapes: ShapesOf<EmailOptions> = {
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).optional(),
  secure: z.boolean().optional(),
  from: z.string().min(1),
  auth: z.strictObject({ user: z.string().min(1), password: z.string().min(1) }).optional(),
  allow: z.array(z.string()),
};

/**
 * Tells by mail. Undefined options: every delivery is refused, in words.
 * @throws DefinitionError with all that is wrong with them, and no password.
 */
export function emailNotifier(options: EmailOptions | undefined): Notifier {
  if (options !== undefined) checkDefinition('a notifier by mail', options, z.strictObject(optionShapes));
  return defineNotifier({
    name: 'email',
    timeoutSeconds: TIMEOUT_SECONDS,
    async deliver(message, { to, tenant, signal }) {
      const problem = receiverProblem({ kind: 'email', to }, { email: options }, tenant);
      if (problem !== undefined || !options) return { status: 'refused', reason: problem ?? 'there is no mail server' };
      const transport = await mailTransport(options);
      try {
        await transport.sendMail({ ...mailOf(message, to, options.from), signal });
        return { status: 'delivered' };
      } catch (error) {
        signal.throwIfAborted();
        return sentOf(error as SmtpError);
      } finally {
        transport.close();
      }
    },
  });
}

/**
 * Why the mail server can't be used, in words; undefined when it takes the connection and the password. Sends nothing.
 * @throws the signal's reason.
 */
export async function mailServerProblem(options: EmailOptions, signal: AbortSignal): Promise<string | undefined> {
  const transport = await mailTransport(options);
  const stop = (): void => transport.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await transport.verify();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return sentOf(error as SmtpError).reason;
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
}

async function mailTransport({ host, port, secure = false, auth }: EmailOptions) {
  // Loaded by the first mail: a worker starts without it.
  const { createTransport } = await import('nodemailer');
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host);
  const ms = TIMEOUT_SECONDS * 1_000;
  return createTransport({
    host,
    port: port ?? (secure ? 465 : 587),
    secure,
    ...(auth ? { auth: { user: auth.user, pass: auth.password }, requireTLS: !secure && !isHere } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: ms,
    greetingTimeout: ms,
    socketTimeout: ms,
    dnsTimeout: ms,
  });
}

function mailOf({ id, title, text, url }: NotifyMessage, to: string, from: string) {
  return {
    from: { name: 'Muster', address: from },
    // As an object it is one address, whatever is in it.
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    subject: title.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '),
    // The same on every try, so that a mail server or reader drops a repeat.
    messageId: `<${id.replace(/[^A-Za-z0-9._-]/g, '-')}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    text: `${text}\n`,
    html: mailHtml(title, text, url),
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

interface SmtpError {
  code?: unknown;
  responseCode?: unknown;
}

/** A server's final word about this mail or its receiver is final; what is wrong with the server or the way to it is mended. */
function sentOf({ code, responseCode }: SmtpError): Exclude<Sent, { status: 'delivered' }> {
  const shown = typeof responseCode === 'number' ? responseCode : typeof code === 'string' ? code : 'no reason';
  if (code === 'EAUTH')
    return { status: 'retry', reason: `the mail server does not take the name and password (${shown})` };
  if (code === 'ETLS')
    return { status: 'retry', reason: 'the mail server offers no TLS, without which no password is sent' };
  const isFinal =
    typeof responseCode === 'number' && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  if (isFinal) return { status: 'refused', reason: `the mail server takes no such mail (${shown})` };
  return typeof responseCode === 'number'
    ? { status: 'retry', reason: `the mail server does not take it now (${shown})` }
    : { status: 'retry', reason: `the mail server can't be reached (${shown})` };
}

// webhook-secret.ts: what is wrong with a secret that is to sign webhooks. Shows nothing of it.

/** Why the variable of this name holds none, as a clause about it; undefined when it does. */
export function webhookSecretProblem(name: string, secret: string): string | undefined {
  const [, text = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  if (text === '') return `${name} is no webhook secret; it is whsec_ and 24 to 64 random bytes in base64`;
  if (text.length % 4 !== 0) return `${name} is a webhook secret that was cut: its base64 is not whole`;
  const bytes = (text.length / 4) * 3 - (/=*$/.exec(text)?.[0].length ?? 0);
  return bytes >= 24 && bytes <= 64
    ? undefined
    : `${name} is a webhook secret of ${bytes} bytes; it must have 24 to 64`;
}

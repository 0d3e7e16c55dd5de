// random-key.ts: a key of one's own, so that what is asked again is done once. Without Node.

export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `client-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

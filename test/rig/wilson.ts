// wilson.ts: the lower end of Wilson's interval: how small a share may be that was seen so often.

/** @param z of the confidence: 1.96 for 95 %, both ends. */
export function wilsonLower(hits: number, of: number, z = 1.96): number {
  const share = hits / of;
  const middle = share + (z * z) / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return (middle - spread) / (1 + (z * z) / of);
}

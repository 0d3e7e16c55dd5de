// accept.ts: which of several types an Accept header asks for.

/** The type that is wanted most, the first of equals; undefined when none is accepted. */
export function accepted<T extends string>(header: string | undefined, types: readonly T[]): T | undefined {
  if (header === undefined || header.trim() === '') return types[0];
  const ranges = header.split(',').map((part) => {
    const [range = '', ...params] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const q = params.find((param) => param.startsWith('q='));
    return { range, q: q === undefined ? 1 : Number(q.slice(2)) || 0 };
  });
  const wanted = (type: T): number => {
    const exact = ranges.find(({ range }) => range === type);
    const family = ranges.find(({ range }) => range === `${type.split('/')[0]}/*`);
    return (exact ?? family ?? ranges.find(({ range }) => range === '*/*'))?.q ?? 0;
  };
  const [best] = types.map((type) => ({ type, q: wanted(type) })).sort((a, b) => b.q - a.q);
  return best && best.q > 0 ? best.type : undefined;
}

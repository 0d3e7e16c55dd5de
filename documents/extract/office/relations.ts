// relations.ts: which parts of an office file belong to a part, and as what: files are found by these, never by their names.

import { partName, type Archive } from './archive.ts';
import { readXml } from './read-xml.ts';

export interface Relation {
  id: string;
  /** The last word of its type: `slide`, `sharedStrings`, `footnotes`. */
  type: string;
  /** Name of the part. */
  part: string;
}

/** The relations of a part to others of the archive; of the archive itself for ''. @throws ArchiveError */
export async function relationsOf(archive: Archive, part: string): Promise<Relation[]> {
  const at = part.lastIndexOf('/') + 1;
  const found: Relation[] = [];
  await readXml(archive, `${part.slice(0, at)}_rels/${part.slice(at)}.rels`, {
    open: (name, { Id = '', Type = '', Target = '', TargetMode }) => {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      found.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), part: partName(part, Target) });
    },
  });
  return found;
}

/** The parts of one kind, in the order of their relations. */
export function partsOf(relations: readonly Relation[], type: string): string[] {
  return relations.filter((relation) => relation.type === type).map(({ part }) => part);
}

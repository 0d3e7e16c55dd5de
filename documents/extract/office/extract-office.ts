// extract-office.ts: tells which kind of document an archive is, by what it holds and not by its name, and reads it.

import type { Extracted } from '../extracted.ts';
import { Archive, ArchiveError } from './archive.ts';
import { partsOf, relationsOf } from './relations.ts';

/** A document of Word, PowerPoint or Excel, or an EPUB. A broken, locked or foreign archive is a reason. */
export async function extractOffice(bytes: Uint8Array): Promise<Extracted | { problem: string }> {
  try {
    const archive = await Archive.open(bytes);
    if (archive.has('META-INF/container.xml') || archive.names().some((name) => /\.opf$/i.test(name))) {
      const { extractEpub } = await import('./epub.ts');
      return await extractEpub(archive);
    }
    const [main = ''] = partsOf(await relationsOf(archive, ''), 'officeDocument');
    if (/(^|\/)document\d*\.xml$|^word\//i.test(main)) {
      const { extractDocx } = await import('./docx.ts');
      return await extractDocx(archive, main);
    }
    if (/(^|\/)presentation\d*\.xml$|^ppt\//i.test(main)) {
      const { extractPptx } = await import('./pptx.ts');
      return await extractPptx(archive, main);
    }
    if (/(^|\/)workbook\d*\.xml$|^xl\/.*\.xml$/i.test(main)) {
      const { extractXlsx } = await import('./xlsx.ts');
      return await extractXlsx(archive, main);
    }
    return { problem: 'it is an archive, and no document of Word, PowerPoint or Excel and no EPUB' };
  } catch (error) {
    if (error instanceof ArchiveError) return { problem: error.message };
    throw error;
  }
}

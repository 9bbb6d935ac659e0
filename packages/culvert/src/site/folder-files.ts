/**
 * @module
 * The files of a folder that somebody works in: read when they are asked for, never from outside of it.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { readStaticFile, type StaticFile } from './static-files.js';

/** Whoever edits a file wants to see it. */
const headers = { 'cache-control': 'no-cache' };

/** @returns null where there is no such file */
export async function findFolderFile(folder: string, urlPath: string): Promise<StaticFile | null> {
  const relative = decode(urlPath);
  if (relative === null) return null;
  const wanted = path.join(folder, relative.endsWith('/') ? `${relative}index.html` : relative);
  try {
    // A link, or `..`, may lead out of it.
    const [root, file] = await Promise.all([realpath(folder), realpath(wanted)]);
    if (!file.startsWith(`${root}${path.sep}`) || !(await stat(file)).isFile()) return null;
    return readStaticFile(file, headers);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EACCES'].includes(String((error as { code?: unknown }).code)))
      return null;
    throw error;
  }
}

function decode(urlPath: string): string | null {
  try {
    const decoded = decodeURIComponent(urlPath);
    return decoded.includes('\0') ? null : decoded;
  } catch {
    // A percent sign that begins no escape: no file has that address.
    return null;
  }
}

/**
 * @module
 * Writes the files of the script tag into the folder of a static site, and writes them again for an update.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fillInAttributes } from '@culvert/sw/set-up';
import { InitError } from './errors.js';

export interface InitOptions {
  /** Made if it does not exist. */
  folder: string;
  /** Where the page is told the Bare server is. */
  bare: string;
  /** Relative to the folder, or absolute. */
  scope: string;
  /** The folder of the built files. */
  source: string;
}

export interface InitResult {
  /** Names relative to the folder. */
  written: string[];
  /** Has a first page been written, where there was none? */
  hasStarter: boolean;
}

const scripts = ['culvert.js', 'culvert.sw.js', 'culvert.runtime.js', 'culvert.http-socket.js'];

/** @throws InitError */
export async function writeFiles({ folder, bare, scope, source }: InitOptions): Promise<InitResult> {
  const files = new Map<string, string>();
  for (const name of scripts) files.set(name, await readBuilt(source, name));
  files.set(
    'culvert.html',
    fillInAttributes(await readBuilt(source, 'bootstrap.html'), bootstrapAttributes(bare, scope)),
  );
  const hasStarter = !existsSync(path.join(folder, 'index.html'));
  if (hasStarter) {
    const attributes = { 'data-bare': bare, 'data-scope': scope };
    files.set('index.html', fillInAttributes(await readBuilt(source, 'starter.html'), attributes));
  }
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of files) await writeFile(path.join(folder, name), text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InitError('FOLDER_NOT_WRITABLE', `Failed to write to ${folder}: ${reason}. Choose another folder.`, {
      cause,
    });
  }
  return { written: [...files.keys()], hasStarter };
}

function bootstrapAttributes(bare: string, scope: string): Record<string, string> {
  return {
    'data-service-worker': `culvert.sw.js?bare=${encodeURIComponent(bare)}`,
    'data-scope': scope,
    // A server elsewhere cannot be asked by this page: its policy lets it reach its own origin only.
    'data-bare': /^https?:/i.test(bare) ? '' : bare,
  };
}

async function readBuilt(source: string, name: string): Promise<string> {
  try {
    return await readFile(path.join(source, name), 'utf8');
  } catch (cause) {
    const message = `Failed to find ${path.join(source, name)}. In a checkout of Culvert, build it first: npm run build`;
    throw new InitError('NOT_BUILT', message, { cause });
  }
}

/** @module Serves directories as a plain static file server does: types by extension, `index.html`, ranges left out. */
import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** Answers with a file of the first directory that has it; 404 otherwise. */
export function serveStaticFile(directories: string[], request: IncomingMessage, response: ServerResponse): void {
  const pathname = path.posix.normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname));
  const name = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  const file = directories.map((directory) => path.join(directory, name)).find(isFile);
  if (!file) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end(`Nothing here is called ${pathname}.`);
    return;
  }
  response.writeHead(200, {
    'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
    'content-length': statSync(file).size,
  });
  createReadStream(file).pipe(response);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

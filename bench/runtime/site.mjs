/**
 * @module
 * The site that the subjects of this benchmark show: pages given as text, and a checkout of Speedometer where there is one.
 */
import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const types = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/**
 * @param pages markup by path; a function gets the query
 * @param folder what any other path is a file of
 */
export async function startSite(pages, folder = null) {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://site');
    const page = pages[pathname];
    if (page !== undefined) {
      response.writeHead(200, { 'Content-Type': types['.html'], 'Cache-Control': 'no-store' });
      return void response.end(typeof page === 'function' ? page(search) : page);
    }
    const file = folder && fileOf(folder, decodeURIComponent(pathname));
    if (!file) return void response.writeHead(404).end();
    // As sites serve what they are built of; what is measured are not the loads.
    const headers = { 'Content-Type': types[path.extname(file)] ?? 'text/plain', 'Cache-Control': 'max-age=3600' };
    response.writeHead(200, headers);
    createReadStream(file).pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function fileOf(folder, pathname) {
  const file = path.join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
  return file.startsWith(folder) && existsSync(file) && statSync(file).isFile() ? file : null;
}

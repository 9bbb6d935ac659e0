/** @module A static host for one site in memory, with the faults that real ones have. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface HostedFile {
  text: string;
  type?: string;
  headers?: Record<string, string>;
}

export interface StaticHost {
  origin: string;
  /** Such as `http://192.0.2.1:8080` would be to a browser: an origin that is not secure. */
  insecureOrigin: string;
  files: Map<string, HostedFile>;
  close(): Promise<void>;
}

const built = path.join(import.meta.dirname, '../../packages/culvert/dist-site');

/** The files as `culvert init` writes them, below a folder. */
export function culvertFiles(folder = '/'): Map<string, HostedFile> {
  const names = ['culvert.js', 'culvert.sw.js', 'culvert.runtime.js'];
  return new Map(names.map((name) => [folder + name, { text: readFileSync(path.join(built, name), 'utf8') }]));
}

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
};

export async function startStaticHost(files: Map<string, HostedFile>): Promise<StaticHost> {
  const server = createServer((request, response) => {
    const urlPath = request.url!.split('?', 1)[0]!;
    const file = files.get(urlPath);
    if (!file) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.');
    const type = file.type ?? types[path.extname(urlPath)] ?? 'text/html; charset=utf-8';
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache', ...file.headers }).end(file.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    insecureOrigin: `http://lan.test:${port}`,
    files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

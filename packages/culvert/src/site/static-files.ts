/**
 * @module
 * Serves files from memory: all are read once, at start, and a request only looks its path up among them. So there is no
 * path to traverse, and a rebuild under a running server cannot mix two builds.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { parseByteRange, type ByteRange } from './byte-range.js';
import { requireReadMethod } from './respond.js';

export interface StaticFile {
  content: Buffer;
  headers: OutgoingHttpHeaders;
  etag: string;
  encoded: Partial<Record<'br' | 'gzip', Promise<Buffer>>>;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const compressible = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/;
const smallestCompressed = 1024;

export function readStaticFile(file: string, headers: OutgoingHttpHeaders): StaticFile {
  return createStaticFile(readFileSync(file), {
    'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
    ...headers,
  });
}

export function createStaticFile(content: Buffer, headers: OutgoingHttpHeaders): StaticFile {
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  return { content, etag, headers: { 'x-content-type-options': 'nosniff', ...headers }, encoded: {} };
}

/**
 * Reads a folder.
 *
 * @param headersOf gives the headers of a file by its URL path
 * @returns the files by their URL path; `index.html` stands for its folder as well
 */
export function readStaticFolder(
  folder: string,
  headersOf: (urlPath: string) => OutgoingHttpHeaders,
): Map<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  const visit = (directory: string, urlPath: string): void => {
    for (const name of readdirSync(directory)) {
      const file = path.join(directory, name);
      const filePath = `${urlPath}${name}`;
      if (statSync(file).isDirectory()) {
        visit(file, `${filePath}/`);
        continue;
      }
      files.set(filePath, readStaticFile(file, headersOf(filePath)));
      if (name === 'index.html') files.set(urlPath, readStaticFile(file, headersOf(urlPath)));
    }
  };
  visit(folder, '/');
  return files;
}

export async function sendStaticFile(
  file: StaticFile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!requireReadMethod(request, response)) return;
  const isCompressible =
    compressible.test(String(file.headers['content-type'])) && file.content.length >= smallestCompressed;
  const headers: OutgoingHttpHeaders = { 'accept-ranges': 'bytes', ...file.headers, etag: file.etag };
  if (isCompressible) headers.vary = [file.headers.vary, 'accept-encoding'].filter(Boolean).join(', ');
  if (file.headers['cache-control'] !== 'no-store' && matchesEtag(request.headers['if-none-match'], file.etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const { range, 'if-range': ifRange } = request.headers;
  // RFC 9110 section 13.1.5: a file that has changed in between is sent whole.
  if (request.method === 'GET' && range !== undefined && (ifRange === undefined || ifRange === file.etag)) {
    const part = parseByteRange(range, file.content.length);
    if (part) return sendPart(file.content, part, headers, response);
  }
  const encoding = isCompressible ? chooseEncoding(request.headers['accept-encoding']) : null;
  const body = encoding ? await encode(file, encoding) : file.content;
  if (encoding) {
    headers['content-encoding'] = encoding;
    // Two codings of one file are not the same bytes.
    headers.etag = `W/${file.etag}`;
  }
  headers['content-length'] = body.length;
  response.writeHead(200, headers);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The bytes of the file itself, in no coding. */
function sendPart(
  content: Buffer,
  part: ByteRange | 'unsatisfiable',
  headers: OutgoingHttpHeaders,
  response: ServerResponse,
): void {
  const isSatisfiable = part !== 'unsatisfiable';
  const body = isSatisfiable ? content.subarray(part.first, part.last + 1) : Buffer.alloc(0);
  const place = isSatisfiable ? `${part.first}-${part.last}` : '*';
  response.writeHead(isSatisfiable ? 206 : 416, {
    ...headers,
    'content-range': `bytes ${place}/${content.length}`,
    'content-length': body.length,
  });
  response.end(body);
}

function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

function chooseEncoding(acceptEncoding: string | undefined): 'br' | 'gzip' | null {
  const accepted = new Map<string, number>();
  for (const item of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    accepted.set(name, q === undefined ? 1 : Number(q));
  }
  if ((accepted.get('br') ?? 0) > 0) return 'br';
  return (accepted.get('gzip') ?? 0) > 0 ? 'gzip' : null;
}

const compressGzip = promisify(gzip);
const compressBrotli = promisify<Buffer, object, Buffer>(brotliCompress);

function encode(file: StaticFile, encoding: 'br' | 'gzip'): Promise<Buffer> {
  return (file.encoded[encoding] ??=
    encoding === 'gzip'
      ? compressGzip(file.content)
      : compressBrotli(file.content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }));
}

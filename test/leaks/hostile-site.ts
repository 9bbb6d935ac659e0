/** @module The site that tries to make the browser leak: a document for each row, and something to answer each request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { startSiteInProcess, type Site } from '../support/site.js';
import { leakHost, type LeakAttempt } from './leak-attempt.js';

export interface HostileSite extends Site {
  /** Rows whose host was asked for here: in the proxied run, by the proxy. */
  readonly served: ReadonlySet<number>;
  /** When the last request came, by `performance.now()`. */
  readonly lastRequest: number;
}

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==',
  'base64',
);
const answers: Record<string, readonly [type: string, body: string | Buffer]> = {
  png: ['image/png', pixel],
  css: ['text/css', '.from-the-leak { color: red }'],
  js: ['text/javascript', 'export {}'],
  json: ['application/json', '{}'],
  svg: ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><g id="f"/></svg>'],
  vtt: ['text/vtt', 'WEBVTT\n'],
  events: ['text/event-stream', 'data: x\n\n'],
};

export async function startHostileSite(hostName: string, attempts: readonly LeakAttempt[]): Promise<HostileSite> {
  const served = new Set<number>();
  let lastRequest = performance.now();
  const note = (request: IncomingMessage) => {
    lastRequest = performance.now();
    const row = /^leak-(\d+)\.example/.exec(request.headers.host ?? '')?.[1];
    if (row !== undefined) served.add(Number(row));
    return row !== undefined;
  };
  const site = await startSiteInProcess(
    hostName,
    (request, response) => {
      const isLeakHost = note(request);
      const url = new URL(request.url ?? '/', 'http://site');
      const row = /^\/attempt\/(\d+)$/.exec(url.pathname)?.[1];
      const batch = url.pathname === '/batch' ? url.searchParams.get('rows') : null;
      if (!isLeakHost && row !== undefined) answerAttempt(attempts[Number(row)]!, Number(row), site.port, response);
      else if (!isLeakHost && batch !== null) answerBatch(batch.split(','), response);
      else if (url.pathname === '/redirect') redirect(request.url ?? '', response);
      else answerResource(url.pathname, request, response);
    },
    (request, socket) => {
      note(request);
      (socket as Socket).destroy();
    },
  );
  return {
    ...site,
    served,
    get lastRequest() {
      return lastRequest;
    },
    close: () => site.close(),
  };
}

function answerAttempt(attempt: LeakAttempt, row: number, port: number, response: ServerResponse): void {
  const fill = (text: string) =>
    text
      .replaceAll('LEAK', `http://${leakHost(row)}:${port}`)
      .replaceAll('HOST', leakHost(row))
      .replaceAll('PORT', String(port));
  for (const [name, value] of Object.entries(attempt.headers ?? {})) response.setHeader(name, fill(value));
  const script =
    attempt.script === undefined ? '' : `<script>(async () => { ${attempt.script} })().catch(() => 0)</script>`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>${row}</title><body>${fill((attempt.html ?? '') + script)}`);
}

/** Frames in a row: each has its attempt to itself. */
function answerBatch(rows: readonly string[], response: ServerResponse): void {
  const frames = rows.map((row) => `<iframe src="/attempt/${row}" width=90 height=60></iframe>`);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><title>batch</title><link rel=icon href="data:,">${frames.join('')}`);
}

/** `to` is last, and is taken as it is written. */
function redirect(requestUrl: string, response: ServerResponse): void {
  const { searchParams } = new URL(requestUrl, 'http://site');
  response.writeHead(Number(searchParams.get('status') ?? 302), {
    location: decodeURIComponent(requestUrl.slice(requestUrl.indexOf('to=') + 3)),
    'access-control-allow-origin': '*',
  });
  response.end();
}

function answerResource(pathname: string, request: IncomingMessage, response: ServerResponse): void {
  const [type, body] =
    answers[pathname.split('.').pop() ?? ''] ?? (['text/html', '<!doctype html><title>there</title>'] as const);
  response.writeHead(pathname.startsWith('/401') ? 401 : 200, {
    'content-type': type,
    'access-control-allow-origin': request.headers.origin ?? '*',
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': '*, x-own, content-type',
    'access-control-allow-methods': '*, PUT',
  });
  response.end(body);
}

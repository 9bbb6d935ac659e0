/**
 * @module A site that sets what a case says and shows what comes back: one server for every host and both schemes, so that each case has
 * hosts of its own.
 */
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { CookieCase } from '../../packages/cookies/src/conformance.test-support.js';
import { certificate, privateKey } from '../support/certificates/secure-test.js';

export interface CookieSite {
  /** The case's URL on these servers, `example.test` being this name. */
  url(url: string, name: string): string;
  close(): Promise<void>;
}

/** What a document saw: its request, and what its scripts read. */
export interface Seen {
  sent: string;
  script: string;
  /** By `cookieStore`, in the form of `document.cookie`; null where there is none. */
  store: string | null;
}

const show = `
addEventListener('message', ({ data }) => {
  if (!Array.isArray(data)) return;
  for (const line of data) document.cookie = line;
});
const pairs = (items) => items.map(({ name, value }) => (name === '' ? value : name + '=' + value)).join('; ');
Promise.resolve(self.cookieStore ? cookieStore.getAll().then(pairs) : null).then((store) => {
  window.seen = { sent, script: document.cookie, store };
  if (parent !== window) parent.postMessage({ id: location.hash.slice(1), seen }, '*');
});`;

const listener: RequestListener = (request, response) => {
  const { searchParams } = new URL(request.url!, 'http://site');
  const lines = JSON.parse(searchParams.get('set') ?? '[]') as string[];
  const bytesOf = (text: string) => Buffer.from(text).toString('latin1');
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-type', 'text/html; charset=utf-8');
  if (lines.length > 0) response.setHeader('set-cookie', lines.map(bytesOf));
  const sent = Buffer.from(request.headers.cookie ?? '', 'latin1').toString();
  const script = `const sent = ${JSON.stringify(sent).replaceAll('<', '\\u003c')}; ${show}`;
  // As bytes: Node would write the headers before a text in its encoding.
  response.end(
    Buffer.from(
      `<!doctype html><meta charset=utf-8><link rel=icon href=data:,><title>Cookies</title><script>${script}</script>`,
    ),
  );
};

export async function startCookieSite(): Promise<CookieSite> {
  const options = { maxHeaderSize: 65_536 };
  const servers = [
    createHttpServer(options, listener),
    createHttpsServer({ ...options, cert: certificate, key: privateKey }, listener),
  ] as const;
  const [plain, secure] = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '0.0.0.0');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  return {
    url(text, name) {
      const [, scheme, host, rest] = /^(https?):\/\/([^/:]+|\[[^\]]*\])(?::\d+)?(.*)$/.exec(text)!;
      const named = host!.replace(/example\.test/i, (given) => (given === 'example.test' ? name : name.toUpperCase()));
      return `${scheme}://${named}:${scheme === 'https' ? secure : plain}${rest}`;
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

/** The lines of a case for hosts of this name. */
export function linesFor({ lines }: CookieCase, name: string): string[] {
  const year = String(new Date().getUTCFullYear() + 1);
  return lines.map((line) =>
    line
      .replaceAll('YYYY', year)
      .replace(/example\.test/gi, (given) => (given === given.toUpperCase() ? name.toUpperCase() : name)),
  );
}

/** @module The script of a service worker that hands the table to the jar, where the jar lives. */
import { CookieJar } from '../../packages/cookies/src/index.js';
import { cookieCases, titleOf } from '../../packages/cookies/src/conformance.test-support.js';

/** What of this realm is used; the tests' declarations are those of Node and of windows. */
declare const self: {
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
};
interface WorkerEvent {
  waitUntil(work: Promise<unknown>): void;
  ports: readonly { postMessage(message: unknown): void }[];
}

const suffixes = new Set(['com', 'test', 'org', 'co.uk', 'github.io']);
const now = Date.UTC(2026, 0, 1);

function failures(): string[] {
  return cookieCases.flatMap((cookieCase) => {
    const jar = new CookieJar({ isPublicSuffix: (domain) => suffixes.has(domain) });
    cookieCase.lines.forEach((line, at) =>
      jar.setCookie(line.replaceAll('YYYY', '2027'), cookieCase.from, { http: true, now: now + at * 1000 }),
    );
    const sent = jar.getCookieHeader(cookieCase.to, { sameSite: 'strict', now: now + 3600_000 });
    return sent === cookieCase.sent ? [] : [`${titleOf(cookieCase)} sends ${JSON.stringify(sent)}`];
  });
}

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', ({ ports: [port] }) =>
  port?.postMessage({ count: cookieCases.length, failures: failures() }),
);

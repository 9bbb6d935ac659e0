/**
 * @module
 * The page that stands for a moment where a site's own is to come, when the site's service worker does not run: only a page can
 * start one. It does, and loads again while it still holds it.
 */
import type { SiteRegistration, SiteWorker } from './site-worker.js';
import { hostUrl } from './site-worker.js';

/** The file that answers when the worker runs, or cannot. */
export const readyFile = 'service-worker-ready';

export function wakingPage(registration: SiteRegistration, worker: SiteWorker, directory: string): Response {
  const host = JSON.stringify(hostUrl(directory, worker, registration)).replaceAll('<', '\\u003c');
  const name = JSON.stringify(worker.id);
  const ready = JSON.stringify(`${directory}${readyFile}?version=${worker.id}`);
  const script = `self.worker = new SharedWorker(${host}, { name: ${name} }); fetch(${ready}).finally(() => location.reload());`;
  return new Response(`<!doctype html><title></title><link rel=icon href=data:,><script>${script}</script>`, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; img-src data:; script-src 'unsafe-inline'; worker-src 'self'; connect-src 'self'",
      'cache-control': 'no-store',
      'referrer-policy': 'unsafe-url',
    },
  });
}

/**
 * @module
 * What the server answers below the worker's scope. A navigation gets the bootstrap page, which starts the worker and
 * comes back; so no link and no hard reload ends here.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { sendText } from './respond.js';
import { sendStaticFile, type StaticFile } from './static-files.js';

/** Request destinations that become a document. A browser sends one with every request; other clients send none. */
const documentDestinations = new Set(['document', 'iframe', 'frame', 'fencedframe', 'embed', 'object']);

export const bootstrapHeaders: OutgoingHttpHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  vary: 'sec-fetch-dest',
  // The page may load nothing but the worker: below the scope, nothing may go to any other place by mistake.
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; " +
    "connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'",
};

export async function sendBootstrapPage(
  page: StaticFile,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const destination = request.headers['sec-fetch-dest'];
  if (typeof destination === 'string' && !documentDestinations.has(destination)) {
    // A frame that the worker does not control asked for a subresource: HTML would be a wrong answer.
    sendText(request, response, 404, 'Only the service worker can answer this, and it does not control this page.');
    return;
  }
  if (request.method === 'POST') {
    // A form's answer cannot be had without the worker, which is not there yet. The page itself can.
    response.writeHead(303, { location: request.url ?? '/', 'cache-control': 'no-store', 'content-length': 0 }).end();
    return;
  }
  await sendStaticFile(page, request, response);
}

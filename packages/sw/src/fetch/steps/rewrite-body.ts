/**
 * @module
 * Step 8: the body. Only what runs or holds what runs is changed; all else streams through untouched.
 */
import {
  cssRewritingStream,
  isHtmlMimeType,
  isXmlMimeType,
  parseMimeType,
  rewritesStylesheets,
} from '@culvert/rewriter';
import type { ByteTransform } from '../body/document.js';
import { isEventSource } from '../body/event-ids.js';
import { checkIntegrity, needsIntegrityCheck } from '../body/integrity.js';
import { nameDownload } from '../body/download-name.js';
import { respondWithHtml } from '../body/html-document.js';
import { isExecutable, isModuleText, rewriteRemoteBytes, rewrittenScriptResponse } from '../body/script.js';
import { sniffDocument } from '../body/sniff-document.js';
import type { RemoteResponse } from '../body/whole-body.js';
import { workerScript } from '../body/worker-script.js';
import { respondWithXml } from '../body/xml-document.js';
import type { TranslatedResponse } from '../fetch-context.js';

/** https://fetch.spec.whatwg.org/#null-body-status, as far as a Response can have them */
const nullBodyStatuses: ReadonlySet<number> = new Set([204, 205, 304]);

export async function rewriteBody(context: TranslatedResponse): Promise<Response> {
  const { remote, load } = context;
  if (nullBodyStatuses.has(remote.status)) return respond(context, null);
  // An empty document is one too: it has a `location`, and scripts may come into it.
  if (load === 'document') return rewriteDocument(context, remote.body ?? new Blob().stream());
  if (!remote.wholeBody && remote.body === null) return respond(context, null);
  switch (load) {
    case 'worker':
    case 'sharedworker':
      return rewriteWorker(context, load);
    case 'script':
      return rewriteScriptBody(context);
    case 'stylesheet':
      return rewriteStylesheetBody(context);
    case 'other': {
      const isFollowed = isEventSource(context.request) && remote.body !== null;
      return respond(context, isFollowed ? context.services.eventIds.follow(context, remote.body) : bodyOf(remote));
    }
  }
}

async function rewriteDocument(context: TranslatedResponse, body: ReadableStream<Uint8Array>): Promise<Response> {
  const { responseHeaders } = context;
  const isDownload = /^\s*attachment/i.test(responseHeaders.get('content-disposition') ?? '');
  const isSniffed = !isDownload && needsSniffing(responseHeaders.get('content-type'));
  if (isSniffed) {
    const sniffed = await sniffDocument(body, responseHeaders.get('x-content-type-options') === 'nosniff');
    responseHeaders.set('content-type', sniffed.mimeType);
    body = sniffed.body;
  }
  const contentType = responseHeaders.get('content-type') ?? '';
  if (!isDownload && isHtmlMimeType(contentType)) return respondWithHtml(context, body);
  if (!isDownload && isXmlMimeType(contentType)) return respondWithXml(context, body);
  nameDownload(responseHeaders, context.remoteUrl);
  return respond(context, body);
}

/** https://mimesniff.spec.whatwg.org/#mime-type-sniffing-algorithm, step 2 */
function needsSniffing(contentType: string | null): boolean {
  return contentType === null || /^\s*(unknown\/unknown|application\/unknown|\*\/\*)?\s*$/i.test(contentType);
}

async function rewriteWorker(context: TranslatedResponse, kind: 'worker' | 'sharedworker'): Promise<Response> {
  const { remote, responseHeaders } = context;
  if (!remote.ok || !isExecutable('classic', responseHeaders)) return respond(context, bodyOf(remote));
  // Scripts of workers are in UTF-8, whatever a header says.
  const source = new TextDecoder().decode(await readBytes(remote));
  return rewrittenScriptResponse(context, await workerScript(source, kind, context), 'utf-8');
}

async function rewriteScriptBody(context: TranslatedResponse): Promise<Response> {
  const { remote, request, asset, responseHeaders } = context;
  // A module is always fetched with CORS, and a classic script sometimes.
  const mayBeModule = request.mode === 'cors' || asset === 'module' || request.destination !== 'script';
  if (!remote.ok || !isExecutable(mayBeModule ? 'unknown' : 'classic', responseHeaders))
    return respond(context, bodyOf(remote));
  const variant = `${mayBeModule ? 'module' : 'script'}-${asset ?? 'real'}-${context.services.config.build}`;
  const { entry, services, event } = context;
  const kept = entry && !needsIntegrityCheck(context) ? await services.cache.findRewritten(entry, variant) : null;
  if (kept !== null) return rewrittenScriptResponse(context, kept.body!);
  const bytes = await readBytes(remote);
  await checkIntegrity(bytes, context);
  const kind = mayBeModule && isModuleText(new TextDecoder().decode(bytes)) ? 'module' : 'script';
  const rewritten = await rewriteRemoteBytes(bytes, kind, context);
  const store = async () => {
    const stored = entry ?? (await context.storing);
    if (!stored) return;
    await services.cache.putRewritten(stored, variant, rewritten);
    await services.cache.written();
  };
  event.waitUntil(store());
  return rewrittenScriptResponse(context, rewritten);
}

async function rewriteStylesheetBody(context: TranslatedResponse): Promise<Response> {
  const { remote, remoteUrl, services, responseHeaders } = context;
  const { settings } = services.config;
  if (!rewritesStylesheets(settings) || !remote.ok) return respond(context, bodyOf(remote));
  const charset = parseMimeType(responseHeaders.get('content-type') ?? '')?.parameters.get('charset');
  let body = remote.body!;
  if (needsIntegrityCheck(context)) {
    const bytes = await readBytes(remote);
    await checkIntegrity(bytes, context);
    body = new Blob([bytes]).stream();
  }
  responseHeaders.set('content-type', 'text/css; charset=utf-8');
  responseHeaders.delete('content-length');
  const stream = cssRewritingStream({ baseUrl: remoteUrl, settings }, charset === undefined ? {} : { charset });
  return respond(context, body.pipeThrough(stream as ByteTransform));
}

/** A body in one piece stays one: as a stream it would be taken apart again. */
function bodyOf({ wholeBody, body }: RemoteResponse): BodyInit | null {
  return wholeBody ?? body;
}

async function readBytes(response: RemoteResponse): Promise<Uint8Array<ArrayBuffer>> {
  return response.wholeBody ?? new Uint8Array(await response.arrayBuffer());
}

function respond({ remote, responseHeaders }: TranslatedResponse, body: BodyInit | null): Response {
  const { status, statusText } = remote;
  return new Response(body, { status, statusText, headers: responseHeaders });
}

/**
 * @module
 * An HTML document: streamed through the rewriter in its own encoding, with the runtime first in its head.
 */
import { htmlRewritingStream, outputEncoding, parseMimeType, prescanLength, sniffEncoding } from '@culvert/rewriter';
import { clearedKinds } from '../../security/clear-site-data.js';
import { originOf } from '../../site.js';
import { clearingScript } from '../../storage/site-storage.js';
import type { TranslatedResponse } from '../fetch-context.js';
import { bootHtml } from './boot-script.js';
import { documentBootData, markupSecurity, respondWithDocument } from './document.js';
import { peekBytes } from './peek-bytes.js';

const byteOrderMarkLength = 3;

export async function respondWithHtml(
  context: TranslatedResponse,
  body: ReadableStream<Uint8Array>,
): Promise<Response> {
  const { remoteUrl, responseHeaders, services, security } = context;
  const { config } = services;
  const charset = parseMimeType(responseHeaders.get('content-type') ?? '')?.parameters.get('charset');
  const peeked = await peekBytes(body, charset === undefined ? prescanLength : byteOrderMarkLength);
  const encoding = sniffEncoding(peeked.bytes, charset);
  // Browsers read none of it (https://encoding.spec.whatwg.org/#replacement-decoder), so that there is nothing to rewrite.
  if (encoding === 'replacement') {
    responseHeaders.set('content-type', 'text/html; charset=iso-2022-kr');
    const { status, statusText } = context.remote;
    return new Response(peeked.body, { status, statusText, headers: responseHeaders });
  }
  context.event.waitUntil(services.clients.noteEncoding(context.event.resultingClientId, encoding));
  const data = await documentBootData(context);
  const isCleared = clearedKinds(context.remote.rawHeaders, remoteUrl).has('storage');
  const clearing = isCleared ? clearingScript(originOf(remoteUrl), context.topLevelSite) : '';
  const htmlContext = {
    documentUrl: remoteUrl,
    settings: config.settings,
    // The runtime shows such a frame the opaque origin that it would have had.
    sandboxedFrames: 'same-origin' as const,
    bootHtml: bootHtml(config, data, security.nonce, clearing),
    ...markupSecurity(context),
  };
  // What the runtime takes up would hide a `<meta>` from the browser.
  responseHeaders.set('content-type', `text/html; charset=${outputEncoding(encoding)}`);
  return respondWithDocument(context, peeked.body, htmlRewritingStream(htmlContext, { charset: encoding }));
}

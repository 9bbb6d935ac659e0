/**
 * @module
 * An HTML document: streamed through the rewriter, with the runtime first in its head.
 */
import { htmlRewritingStream, parseMimeType } from '@culvert/rewriter';
import { clearedKinds } from '../../security/clear-site-data.js';
import { originOf } from '../../site.js';
import { clearingScript } from '../../storage/site-storage.js';
import type { TranslatedResponse } from '../fetch-context.js';
import { bootHtml } from './boot-script.js';
import { documentBootData, markupSecurity, respondWithDocument } from './document.js';

export async function respondWithHtml(
  context: TranslatedResponse,
  body: ReadableStream<Uint8Array>,
): Promise<Response> {
  const { remoteUrl, responseHeaders, services, security } = context;
  const { config } = services;
  const charset = parseMimeType(responseHeaders.get('content-type') ?? '')?.parameters.get('charset');
  const data = { ...(await documentBootData(context)), charset: charset ?? '' };
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
  responseHeaders.set('content-type', 'text/html; charset=utf-8');
  return respondWithDocument(context, body, htmlRewritingStream(htmlContext, charset === undefined ? {} : { charset }));
}

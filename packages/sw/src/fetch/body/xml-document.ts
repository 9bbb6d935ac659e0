/**
 * @module
 * XHTML, SVG and other XML documents: streamed through the rewriter, with the runtime first in the root element.
 */
import { longestDeclaration, parseMimeType, xmlEncoding, xmlRewritingStream } from '@culvert/rewriter';
import type { TranslatedResponse } from '../fetch-context.js';
import { bootHtml, bootXml } from './boot-script.js';
import { documentBootData, respondWithDocument } from './document.js';
import { peekBytes } from './peek-bytes.js';

export async function respondWithXml(context: TranslatedResponse, body: ReadableStream<Uint8Array>): Promise<Response> {
  const { remoteUrl, responseHeaders, services, security } = context;
  const { config } = services;
  const data = await documentBootData(context);
  const mimeType = parseMimeType(responseHeaders.get('content-type') ?? '');
  const charset = mimeType?.parameters.get('charset');
  const peeked = await peekBytes(body, longestDeclaration);
  const encoding = xmlEncoding(peeked.bytes, charset);
  context.event.waitUntil(services.clients.noteEncoding(context.event.resultingClientId, encoding));
  const xmlContext = {
    documentUrl: remoteUrl,
    settings: config.settings,
    sandboxedFrames: 'same-origin' as const,
    bootXml: bootXml(config, data, security.nonce),
    bootHtml: bootHtml(config, data, security.nonce),
  };
  // `document.contentType` is the essence.
  responseHeaders.set('content-type', `${mimeType?.essence ?? 'application/xml'}; charset=${encoding}`);
  return respondWithDocument(context, peeked.body, xmlRewritingStream(xmlContext, { charset: encoding }));
}

/**
 * @module
 * XHTML, SVG and other XML documents: streamed through the rewriter, with the runtime first in the root element.
 */
import { parseMimeType, xmlRewritingStream } from '@culvert/rewriter';
import type { TranslatedResponse } from '../fetch-context.js';
import { bootHtml, bootXml } from './boot-script.js';
import { documentBootData, respondWithDocument } from './document.js';

export async function respondWithXml(context: TranslatedResponse, body: ReadableStream<Uint8Array>): Promise<Response> {
  const { remoteUrl, responseHeaders, services, security } = context;
  const { config } = services;
  const data = await documentBootData(context);
  const mimeType = parseMimeType(responseHeaders.get('content-type') ?? '');
  const charset = mimeType?.parameters.get('charset');
  const xmlContext = {
    documentUrl: remoteUrl,
    settings: config.settings,
    sandboxedFrames: 'same-origin' as const,
    bootXml: bootXml(config, data, security.nonce),
    bootHtml: bootHtml(config, data, security.nonce),
  };
  // `document.contentType` is the essence.
  responseHeaders.set('content-type', `${mimeType?.essence ?? 'application/xml'}; charset=utf-8`);
  return respondWithDocument(context, body, xmlRewritingStream(xmlContext, charset === undefined ? {} : { charset }));
}

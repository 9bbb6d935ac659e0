/**
 * @module
 * An HTML document: streamed through the rewriter, with the runtime first in its head.
 */
import type { BootData } from '@culvert/runtime';
import { htmlRewritingStream, parseMimeType } from '@culvert/rewriter';
import type { TranslatedResponse } from '../fetch-context.js';
import { bootHtml } from './boot-script.js';

/** @param charset in place of the Content-Type's. */
export async function respondWithHtml(
  context: TranslatedResponse,
  body: ReadableStream<Uint8Array>,
  charset = parseMimeType(context.responseHeaders.get('content-type') ?? '')?.parameters.get('charset'),
): Promise<Response> {
  const { remote, remoteUrl, responseHeaders, services, event } = context;
  const { config, broadcast, progress } = services;
  const cookies = broadcast.visibleTo({ url: remoteUrl, topLevelSite: context.topLevelSite });
  if (event.resultingClientId !== '') broadcast.noteInitial(event.resultingClientId, cookies);
  const data: BootData = {
    kind: 'document',
    url: remoteUrl,
    referrer: context.referrer,
    settings: config.settings,
    bareServer: await config.bareServerFor(remoteUrl),
    cookies,
    topLevelSite: context.topLevelSite,
    build: config.build,
  };
  const htmlContext = { documentUrl: remoteUrl, settings: config.settings, bootHtml: bootHtml(config, data) };
  const rewritten = body
    .pipeThrough(htmlRewritingStream(htmlContext, charset === undefined ? {} : { charset }) as ByteTransform)
    .pipeThrough(
      new TransformStream({
        flush: () =>
          void progress({ clientId: event.resultingClientId, url: remoteUrl, stage: 'done', status: remote.status }),
      }),
    );
  responseHeaders.set('content-type', 'text/html; charset=utf-8');
  responseHeaders.delete('content-length');
  return new Response(rewritten, { status: remote.status, statusText: remote.statusText, headers: responseHeaders });
}

/** The rewriter's declarations know no realm, and so neither the platform's stream types. */
type ByteTransform = ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>;

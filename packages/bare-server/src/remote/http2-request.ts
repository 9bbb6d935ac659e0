/**
 * @module
 * One request over HTTP/2: the same bodies and headers as over HTTP/1.1, but that names are lower case and the framing is HTTP/2's own.
 * 1xx answers and trailers are read and dropped, as there.
 */
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import type { HeaderPair } from '@culvert/bare-protocol';
import { RemoteTimeoutError } from './remote-errors.js';
import { requestTarget, type RemoteRequest, type RemoteResponse } from './remote-request.js';

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;

/** Of a connection of HTTP/1.1 (RFC 9113 section 8.2.2); Host is :authority. */
const notOfHttp2 = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The remote did not look at the request (RFC 9113 section 8.7): it can be sent again. */
export class RefusedStreamError extends Error {
  override readonly name = 'RefusedStreamError';
  readonly code = 'ECONNRESET';
}

/** @param done called once */
export function openHttp2Request(
  session: ClientHttp2Session,
  { url, method, headers, body }: RemoteRequest,
  headersTimeout: number,
  done: (error: unknown, response: RemoteResponse | null) => void,
): ClientHttp2Stream {
  const stream = session.request(toHttp2Headers(url, method, headers), { endStream: body === null });
  let isSettled = false;
  let timer: NodeJS.Timeout | undefined;
  const settle = (error: unknown, response: RemoteResponse | null): void => {
    clearTimeout(timer);
    if (isSettled) return;
    isSettled = true;
    done(error, response);
  };
  const awaitHeaders = (): void => {
    if (isSettled) return;
    timer = setTimeout(() => {
      settle(new RemoteTimeoutError('headers', headersTimeout), null);
      stream.close(NGHTTP2_CANCEL);
    }, headersTimeout);
  };
  stream.once('response', (received: Record<string, unknown>, _flags: number, raw?: string[]) => {
    const rawHeaders = (raw ?? flatten(received)).filter(
      (_text, index, all) => !all[index - (index % 2)]!.startsWith(':'),
    );
    const status = Number(received[':status']);
    settle(null, Object.assign(stream, { statusCode: status, statusMessage: '', rawHeaders, headers: {} }));
  });
  // Before the body is piped on, so that a body that was cut off never looks complete.
  stream.once('end', () => {
    if (stream.rstCode !== NGHTTP2_NO_ERROR && isSettled) stream.emit('error', reset());
  });
  stream.on('error', (error) =>
    settle(stream.rstCode === NGHTTP2_REFUSED_STREAM ? new RefusedStreamError() : error, null),
  );
  stream.once('close', () =>
    settle(stream.rstCode === NGHTTP2_REFUSED_STREAM ? new RefusedStreamError() : reset(), null),
  );
  stream.once('finish', awaitHeaders);
  if (body === null) awaitHeaders();
  else if (Buffer.isBuffer(body)) stream.end(body);
  else body.pipe(stream);
  return stream;
}

function toHttp2Headers(url: URL, method: string, pairs: readonly HeaderPair[]): OutgoingHttpHeaders {
  const result: Record<string, string | string[]> = {
    ':method': method,
    ':scheme': 'https',
    ':authority': pairs.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? url.host,
    ':path': requestTarget(url),
  };
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase();
    if (notOfHttp2.has(lower)) continue;
    const present = result[lower];
    result[lower] = present === undefined ? value : [...(Array.isArray(present) ? present : [present]), value];
  }
  return result;
}

function flatten(headers: Record<string, unknown>): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => [name, String(one)]),
  );
}

function reset(): Error {
  return Object.assign(new Error('The stream was reset'), { code: 'ECONNRESET' });
}

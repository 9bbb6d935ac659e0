/**
 * @module
 * Makes a request that came over HTTP/2 look as handlers of `node:http` expect one: what HTTP/2 says by pseudo-headers and by frames is
 * said by headers.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Connection } from './connection.js';

/** Changes the request in place. */
export function asHttp1Request(request: Http2ServerRequest, connection: Connection): IncomingMessage {
  const { headers, rawHeaders, method, url } = request;
  const authority = headers[':authority'];
  const pairs: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (!name.startsWith(':')) pairs.push(name, rawHeaders[index + 1]!);
  }
  const add = (name: string, value: string): void => {
    headers[name] = value;
    pairs.push(name, value);
  };
  // RFC 9113 section 8.3.1: a Host beside it has to say the same; this one counts.
  if (typeof authority === 'string' && headers.host === undefined) add('host', authority);
  // Here a body needs no header: that one follows is said by the stream being open.
  if (!request.stream.endAfterHeaders && headers['content-length'] === undefined) add('transfer-encoding', 'chunked');
  for (const name of Object.keys(headers)) if (name.startsWith(':')) delete headers[name];
  rawHeaders.splice(0, rawHeaders.length, ...pairs);
  Object.defineProperties(request, {
    // Node's own are read from the pseudo-headers.
    method: { value: method, writable: true },
    url: { value: url, writable: true },
    // Node's own stands for the session's socket, which inside of a tunnel has no addresses.
    socket: { value: connection.stream },
  });
  return request as unknown as IncomingMessage;
}

/** Headers that HTTP/2 has no use for, and that Node drops with a warning (section 8.2.2). */
const connectionHeaders = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Lets a handler write the headers of HTTP/1 and destroy the response. */
export function asHttp1Response(response: Http2ServerResponse): ServerResponse {
  // Node's own goes to another place once the stream is closed.
  const { stream } = response;
  const writeHead = response.writeHead.bind(response) as (status: number, headers?: object) => Http2ServerResponse;
  Object.defineProperties(response, {
    writeHead: {
      value(status: number, ...rest: unknown[]) {
        const headers = rest.find((item) => typeof item === 'object' && item !== null) ?? {};
        writeHead(status, Object.fromEntries(Object.entries(headers).filter(([name]) => !isConnectionHeader(name))));
        return response;
      },
    },
    destroyed: { get: () => stream.destroyed },
    // A stream that was reset has been ended too, and yet has not said all.
    writableFinished: { get: () => stream.writableFinished && stream.rstCode === 0 && !stream.aborted },
    destroy: {
      value() {
        // A body that breaks off is told by RST_STREAM, not by an end that looks complete.
        if (response.headersSent && !response.writableEnded) stream.close(internalError);
        else stream.destroy();
        return response;
      },
    },
  });
  stream.once('finish', () => {
    // RFC 9113 section 8.1: RST_STREAM with NO_ERROR asks a client not to send the rest of its request. One that goes on sending may.
    if (!stream.endAfterHeaders && !stream.closed)
      stream.setTimeout(unfinishedRequestTimeout, () => stream.close(noError));
  });
  return response as unknown as ServerResponse;
}

/** Milliseconds in which a client that has its answer sends nothing more of its request. */
const unfinishedRequestTimeout = 2_000;

/** RFC 9113 section 7. */
const [noError, internalError] = [0x0, 0x2];

function isConnectionHeader(name: string): boolean {
  return connectionHeaders.has(name.toLowerCase());
}

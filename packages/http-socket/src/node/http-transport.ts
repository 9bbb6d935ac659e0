/**
 * @module
 * Requests by `node:http` and `node:https`, over connections that are kept.
 */
import http from 'node:http';
import https from 'node:https';
import { HttpSocketError } from '../errors.js';
import type { HttpAnswer, HttpTransport } from '../client/transport.js';

export interface NodeTransportOptions {
  /** By default one of the socket's own, closed with it. */
  agent?: http.Agent | https.Agent;
  /** For https: certificates and the like. */
  tls?: https.RequestOptions;
}

export function createNodeTransport(
  url: string,
  options: NodeTransportOptions = {},
): { transport: HttpTransport; close(): void } {
  const isSecure = url.startsWith('https:');
  const ownAgent = options.agent === undefined ? new (isSecure ? https : http).Agent({ keepAlive: true }) : null;
  const agent = options.agent ?? ownAgent!;
  const transport: HttpTransport = ({ method, url, headers, body, maxAnswerBytes, signal }) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const length = body === null && method === 'GET' ? {} : { 'Content-Length': String(body?.length ?? 0) };
      const request = (isSecure ? https : http).request(url, {
        ...(isSecure ? options.tls : {}),
        method,
        headers: { ...headers, ...length },
        agent,
        signal,
      });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size <= maxAnswerBytes) return;
          request.destroy(
            new HttpSocketError(
              'HTTP_SOCKET_INVALID_ANSWER',
              `Failed to read an answer: it is longer than ${maxAnswerBytes} bytes.`,
            ),
          );
        });
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            header: (name) => {
              const value = response.headers[name.toLowerCase()];
              return typeof value === 'string' ? value : null;
            },
            body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
          });
        });
        response.on('close', () => reject(new Error('the answer broke off')));
      });
      request.end(body);
    });
  return { transport, close: () => ownAgent?.destroy() };
}

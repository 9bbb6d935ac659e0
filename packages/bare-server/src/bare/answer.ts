/**
 * @module
 * What all answers have in common, and the answers that are the server's own: JSON, errors and preflights.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bareErrorStatus, serializeBareErrorBody, type BareProtocolError } from '@culvert/bare-protocol';
import { noteError } from '../operation/visit.js';

/** On every answer, errors included: without them a page on another origin learns nothing but "Failed to fetch". */
export const sharingHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': '*',
  // A page under COEP require-corp may use the answers.
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** On answers of our own, which may be to a preflight. */
export const commonHeaders: Readonly<Record<string, string>> = {
  ...sharingHeaders,
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Max-Age': '7200',
  'X-Robots-Tag': 'noindex',
  'X-Content-Type-Options': 'nosniff',
};

export function sendJson(
  response: ServerResponse,
  status: number,
  json: string,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(json);
  response.writeHead(status, {
    ...commonHeaders,
    'Cache-Control': 'no-store',
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': body.length,
  });
  response.end(body);
}

/** An error, or the end of the connection where the answer has begun: a cut body is the only error that can be told then. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: BareProtocolError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, id, message } = error;
  noteError(response, code);
  const status = bareErrorStatus(code);
  const headers: Record<string, string> = errorHeaders(status);
  // What is left of the upload is not read, so the connection cannot be used again.
  if (!request.complete && request.httpVersionMajor === 1) headers['Connection'] = 'close';
  sendJson(response, status, serializeBareErrorBody({ code, id, message }), headers);
  // Read on while the answer travels: closing with unread data would reset the connection under it.
  if (!request.complete && request.readable) request.unpipe().resume();
}

/** Headers that belong to a status. */
export function errorHeaders(status: number): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer' };
  if (status === 405) return { Allow: allowedMethods };
  if (status === 429 || status === 503) return { 'Retry-After': '1' };
  return {};
}

/** A preflight is answered here; any other OPTIONS is a request like GET. */
export function sendPreflight(request: IncomingMessage, response: ServerResponse): void {
  const headers: Record<string, string> = { ...commonHeaders, 'Content-Length': '0' };
  // Fetch standard: the wildcard does not cover Authorization, and older engines know no wildcard.
  const wanted = request.headers['access-control-request-headers'];
  const method = request.headers['access-control-request-method'];
  if (wanted !== undefined) headers['Access-Control-Allow-Headers'] = wanted;
  if (method !== undefined) headers['Access-Control-Allow-Methods'] = method;
  if (request.headers['access-control-request-private-network'] === 'true') {
    headers['Access-Control-Allow-Private-Network'] = 'true';
  }
  headers['Vary'] = 'Access-Control-Request-Headers, Access-Control-Request-Method';
  response.writeHead(200, headers);
  response.end();
}

/** For people; a method that is missing here is still proxied when Node can parse it. */
const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

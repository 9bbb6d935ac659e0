/**
 * @module
 * Writes answers: no cache may keep them, no proxy may collect or transform them, and pages of other origins may read them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpSocketError, isRefusalCode, refusalStatuses } from '../errors.js';
import { headerNames, serializeErrorMessage } from '../wire/header-names.js';
import { readHeader } from './request-fields.js';

const commonHeaders = {
  'Cache-Control': 'no-store, no-transform',
  // nginx: hand the answer on as it comes.
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
};
const readAwayBytes = 1024 * 1024;
const methods = 'POST, PUT, GET, DELETE, OPTIONS';
const allHeaders = Object.values(headerNames).join(', ');

export type AnswerFields = Partial<Record<keyof typeof headerNames, string | number | null>>;

/** Tells pages whether they may use the socket. False when the request's origin may not. */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  allowed: '*' | readonly string[],
): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (allowed !== '*') {
    response.setHeader('Vary', 'Origin');
    if (!allowed.includes(origin)) return false;
  }
  response.setHeader('Access-Control-Allow-Origin', allowed === '*' ? '*' : origin);
  response.setHeader('Access-Control-Expose-Headers', allHeaders);
  return true;
}

export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': allHeaders,
    'Access-Control-Max-Age': '7200',
  });
  response.end();
}

/** Does nothing once the client is gone. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  fields: AnswerFields = {},
  body: Uint8Array | null = null,
): void {
  if (response.headersSent || response.destroyed) return;
  for (const [name, value] of Object.entries(commonHeaders)) response.setHeader(name, value);
  for (const [field, value] of Object.entries(fields)) {
    if (value !== null) response.setHeader(headerNames[field as keyof typeof headerNames], String(value));
  }
  const nonce = readHeader(request, 'request');
  if (nonce !== null && nonce.length <= 64) response.setHeader(headerNames.request, nonce);
  if (status !== 204) response.setHeader('Content-Length', body?.length ?? 0);
  if (body !== null && body.length > 0) response.setHeader('Content-Type', 'application/octet-stream');
  discardBody(request, response);
  response.writeHead(status);
  response.end(body);
}

export function refuse(request: IncomingMessage, response: ServerResponse, refusal: HttpSocketError): void {
  const status = isRefusalCode(refusal.code) ? refusalStatuses[refusal.code] : 500;
  if (status === 405) response.setHeader('Allow', methods);
  if (status === 503) response.setHeader('Retry-After', '1');
  answer(request, response, status, { error: refusal.code, errorMessage: serializeErrorMessage(refusal.message) });
}

/**
 * What is left of a body would be taken for the next request's head. A short one is read away, so that the client surely sees
 * the answer; for a long one the connection is closed.
 */
function discardBody(request: IncomingMessage, response: ServerResponse): void {
  const length = Number(request.headers['content-length'] ?? 0);
  const isChunked = request.headers['transfer-encoding'] !== undefined;
  if (request.complete || (length === 0 && !isChunked)) return;
  if (isChunked || length > readAwayBytes) response.setHeader('Connection', 'close');
  else request.resume();
}

/**
 * @module
 * What a Bare server answers when it cannot do what it was asked: the codes, the status each one is sent with, and the JSON body.
 * Which failure deserves which code is decided by the server.
 */

import { parseJsonObject } from './json-object.js';

/**
 * Status of each code. The first part is the specification's table; it lists FORBIDDEN_BARE_HEADER with 401 and with 403, and 403
 * is the one that means "forbidden". IMPL_ codes are ours, as the specification provides.
 */
const statuses = {
  UNKNOWN: 500,
  MISSING_BARE_HEADER: 400,
  INVALID_BARE_HEADER: 400,
  FORBIDDEN_BARE_HEADER: 403,
  UNKNOWN_BARE_HEADER: 400,
  INVALID_HEADER: 400,
  HOST_NOT_FOUND: 500,
  CONNECTION_RESET: 500,
  CONNECTION_REFUSED: 500,
  CONNECTION_TIMEOUT: 500,

  IMPL_BLOCKED_ADDRESS: 403,
  IMPL_TLS_ERROR: 500,
  IMPL_INVALID_RESPONSE: 500,
  IMPL_HOST_UNREACHABLE: 500,
  IMPL_NOT_FOUND: 404,
  IMPL_METHOD_NOT_ALLOWED: 405,
  IMPL_INVALID_REQUEST: 400,
  IMPL_HEADERS_TOO_LARGE: 431,
  IMPL_REQUEST_TIMEOUT: 408,
  IMPL_TUNNEL_REFUSED: 403,
  IMPL_INVALID_SOCKET_MESSAGE: 400,
  IMPL_SOCKET_REFUSED: 500,
  IMPL_UNAUTHORIZED: 401,
  IMPL_ORIGIN_NOT_ALLOWED: 403,
  IMPL_BODY_TOO_LARGE: 413,
  IMPL_TOO_MANY_REQUESTS: 429,
  IMPL_SHUTTING_DOWN: 503,
} as const;

export type BareErrorCode = keyof typeof statuses;

/** The body of an error answer. `code` is any string: other servers have IMPL_ codes of their own. */
export interface BareErrorBody {
  code: string;
  /** `<object>` or `<object>.<key>`, such as `request.headers.x-bare-url` or `bare.headers.host`. */
  id: string;
  message?: string;
  stack?: string;
}

/** A fault that has a place in the protocol: thrown by the parsers here, and by the server for everything else it reports. */
export class BareProtocolError extends Error {
  override readonly name = 'BareProtocolError';

  constructor(
    readonly code: BareErrorCode,
    readonly id: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export function isBareErrorCode(code: string): code is BareErrorCode {
  return Object.hasOwn(statuses, code);
}

/** The status a code is sent with; 500 for a code that is not known here. */
export function bareErrorStatus(code: string): number {
  return isBareErrorCode(code) ? statuses[code] : 500;
}

export function serializeBareErrorBody(error: BareErrorBody): string {
  const { code, id, message, stack } = error;
  return JSON.stringify({ code, id, message, stack });
}

/** The error in a JSON text, or null when the text is something else (a reverse proxy's page, say). */
export function parseBareErrorBody(text: string): BareErrorBody | null {
  const { code, id, message, stack } = parseJsonObject(text) ?? {};
  if (typeof code !== 'string' || code === '' || typeof id !== 'string') return null;
  const body: BareErrorBody = { code, id };
  if (typeof message === 'string') body.message = message;
  if (typeof stack === 'string') body.stack = stack;
  return body;
}

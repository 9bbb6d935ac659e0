/**
 * @module
 * Who may use the server: those who know the token, and pages of the origins that are listed. Either is off unless it is configured.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BareProtocolError } from '@culvert/bare-protocol';
import { BareServerError } from '../errors.js';
import type { BareServerOptions } from '../options.js';

/** Compares with a secret in a time that tells nothing about it, its length included. */
export class SecretToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digest(token);
  }

  equals(candidate: string): boolean {
    return timingSafeEqual(this.#digest, digest(candidate));
  }
}

export class Access {
  readonly #token: SecretToken | null;
  readonly #origins: ReadonlySet<string> | null;

  /** @throws BareServerError */
  constructor({ token, allowOrigins }: Pick<BareServerOptions, 'token' | 'allowOrigins'>) {
    if (token !== undefined && !/^[\w.~-]{8,}$/.test(token)) {
      throw new BareServerError(
        'BARE_SERVER_BAD_TOKEN',
        'Failed to use the token: it has to be at least eight letters, digits, or any of - . _ ~ to stand in a URL.',
      );
    }
    const wrong = allowOrigins?.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
    if (wrong !== undefined) {
      throw new BareServerError(
        'BARE_SERVER_BAD_ORIGIN',
        `Failed to allow the origin ${JSON.stringify(wrong)}: an origin is written as https://example.com, without a path.`,
      );
    }
    this.#token = token === undefined ? null : new SecretToken(token);
    this.#origins = allowOrigins === undefined ? null : new Set(allowOrigins);
  }

  /** @throws BareProtocolError IMPL_ORIGIN_NOT_ALLOWED */
  checkOrigin({ headers }: IncomingMessage): void {
    if (this.#origins === null || headers.origin === undefined || this.#origins.has(headers.origin)) return;
    throw new BareProtocolError(
      'IMPL_ORIGIN_NOT_ALLOWED',
      'request.headers.origin',
      `Pages of ${headers.origin} may not use this server.`,
    );
  }

  /** Whether a token is right; any is where none is wanted. For what is no Bare request, such as CONNECT. */
  isRightToken(candidate: string): boolean {
    return this.#token === null || this.#token.equals(candidate);
  }

  /**
   * Checks the token and takes it out of the request, so that it can be forwarded to no remote.
   *
   * @param path what comes after the directory
   * @returns the path without the token
   * @throws BareProtocolError IMPL_UNAUTHORIZED
   */
  takeToken(request: IncomingMessage, path: string): string {
    if (this.#token === null) return path;
    const bearer = bearerToken(request);
    if (bearer !== null && this.#token.equals(bearer)) {
      removeHeader(request, 'authorization');
      return path;
    }
    const slash = path.indexOf('/');
    if (slash > 0 && this.#token.equals(path.slice(0, slash))) return path.slice(slash + 1);
    throw new BareProtocolError(
      'IMPL_UNAUTHORIZED',
      'request.headers.authorization',
      'This server wants a token: as Authorization: Bearer, or as the directory below the one of the server.',
    );
  }
}

export function bearerToken({ headers }: IncomingMessage): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

function removeHeader({ rawHeaders }: IncomingMessage, wanted: string): void {
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (rawHeaders[index]!.toLowerCase() === wanted) rawHeaders.splice(index, 2);
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * @module
 * The middleware: finds the session of a request, opens sessions, and keeps within the limits.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpSocketError } from '../errors.js';
import { allowOrigin, answer, answerPreflight, refuse } from './answer.js';
import { BufferLedger } from './buffer-ledger.js';
import { whenConnected } from './connected.js';
import { defaultLimits, type HttpSocketLimits, type HttpSocketServerOptions } from './options.js';
import { readHeader, readSessionKey } from './request-fields.js';
import { Session } from './session.js';

/** Keys of closed sessions that a late repetition of their POST must not open again. */
const rememberedKeys = 4096;

export interface HttpSocketServer {
  /** Whether the request is for the socket. */
  matches(request: IncomingMessage): boolean;
  /** Answers it. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends all sessions and refuses new ones. */
  close(): void;
  readonly sessionCount: number;
  /** Bytes that all sessions keep at the moment. */
  readonly bufferedBytes: number;
}

/**
 * @example
 * const sockets = createHttpSocketServer({ connect: () => net.connect(22, 'localhost') });
 * http.createServer((request, response) => {
 *   if (sockets.matches(request)) sockets.handle(request, response);
 *   else response.writeHead(404).end();
 * });
 */
export function createHttpSocketServer(options: HttpSocketServerOptions): HttpSocketServer {
  const { path = '/api/v1/socket', allowedOrigins = '*' } = options;
  const clientAddress = options.clientAddress ?? ((request) => request.socket.remoteAddress ?? '');
  const onError = options.onError ?? ((error) => console.error(error));
  const limits = readLimits(options);
  const ledger = new BufferLedger(limits.maxTotalBufferedBytes);
  const sessions = new Map<string, Session>();
  /** Hash of the key -> the session it opens, so that a repeated POST gives the same one; null once that is over. */
  const byKey = new Map<string, Promise<Session> | null>();
  const perAddress = new Map<string, number>();
  const opening = new Set<AbortController>();
  let isClosed = false;

  const count = (address: string, by: number): void => {
    const next = (perAddress.get(address) ?? 0) + by;
    if (next > 0) perAddress.set(address, next);
    else perAddress.delete(address);
  };

  const forgetLater = (keyHash: string | null): void => {
    if (keyHash === null) return;
    // Moved to the end, as the oldest are forgotten first; running sessions are never among those.
    byKey.delete(keyHash);
    byKey.set(keyHash, null);
    if (byKey.size <= rememberedKeys + limits.maxSessions) return;
    for (const [hash, session] of byKey) {
      if (session !== null) continue;
      byKey.delete(hash);
      break;
    }
  };

  const checkRoom = (address: string): void => {
    if (isClosed)
      throw new HttpSocketError('HTTP_SOCKET_SHUTTING_DOWN', 'Failed to open a session: the server is shutting down.');
    const running = sessions.size + opening.size;
    const full =
      running >= limits.maxSessions
        ? `${running} are open`
        : (perAddress.get(address) ?? 0) >= limits.maxSessionsPerAddress
          ? `${perAddress.get(address)} of this client are open`
          : ledger.isFull
            ? `${ledger.total} bytes are waiting in others`
            : null;
    if (full !== null) throw new HttpSocketError('HTTP_SOCKET_TOO_MANY_SESSIONS', `Failed to open a session: ${full}.`);
  };

  const open = async (request: IncomingMessage, address: string, key: string | null): Promise<Session> => {
    checkRoom(address);
    const id = randomBytes(32).toString('hex');
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(), limits.connectTimeout);
    let target: Duplex;
    opening.add(ended);
    count(address, 1);
    try {
      const connecting = Promise.resolve().then(() => options.connect({ id, address, request, signal: ended.signal }));
      target = await whenConnected(connecting, ended.signal);
    } catch (error) {
      count(address, -1);
      throw error;
    } finally {
      clearTimeout(timer);
      opening.delete(ended);
    }
    const keyHash = key === null ? null : hashOf(key);
    const session = new Session({ id, key, address }, target, limits, ledger, () => {
      sessions.delete(id);
      count(address, -1);
      forgetLater(keyHash);
      ended.abort();
    });
    sessions.set(id, session);
    return session;
  };

  const post = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const key = readSessionKey(request);
    const address = clientAddress(request);
    // A body is no part of the protocol; it is read away so that the connection can be used again.
    request.resume();
    let session: Promise<Session> | null | undefined;
    if (key === null) {
      session = open(request, address, null);
    } else {
      const keyHash = hashOf(key);
      session = byKey.get(keyHash);
      if (session === null)
        throw new HttpSocketError('HTTP_SOCKET_CLOSED', 'Failed to open a session: this one is over.');
      if (session === undefined) {
        session = open(request, address, key);
        byKey.set(keyHash, session);
        // What was refused may be tried again.
        session.catch(() => byKey.delete(keyHash));
      }
    }
    const opened = await session;
    answer(request, response, 201, opened.openingFields());
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!allowOrigin(request, response, allowedOrigins)) {
      throw new HttpSocketError(
        'HTTP_SOCKET_REFUSED',
        `Failed to serve ${request.headers.origin}: its pages may not use this.`,
        {
          field: 'Origin',
        },
      );
    }
    switch (request.method) {
      case 'OPTIONS':
        answerPreflight(response);
        return;
      case 'POST':
        await post(request, response);
        return;
      case 'PUT':
      case 'GET':
      case 'DELETE': {
        const session = sessions.get(readHeader(request, 'session') ?? '');
        if (session === undefined || !session.belongsTo(readSessionKey(request), clientAddress(request))) {
          throw new HttpSocketError(
            'HTTP_SOCKET_UNKNOWN_SESSION',
            'Failed to find the session: it is over, or was never opened.',
            {
              field: 'X-Session',
            },
          );
        }
        await session.handle(request, response);
        return;
      }
      default:
        throw new HttpSocketError('HTTP_SOCKET_METHOD_NOT_ALLOWED', `Failed to serve ${request.method}.`);
    }
  };

  return {
    matches: (request) => (request.url ?? '').split('?', 1)[0] === path,
    handle: (request, response) => {
      handle(request, response).catch((error: unknown) => {
        if (error instanceof HttpSocketError) refuse(request, response, error);
        // A client that went away in the middle of its request is nobody's fault.
        else if (!request.destroyed && !response.destroyed) {
          onError(error);
          answer(request, response, 500);
        }
      });
    },
    close: () => {
      isClosed = true;
      for (const connecting of opening) connecting.abort();
      for (const session of [...sessions.values()]) {
        session.destroy(new HttpSocketError('HTTP_SOCKET_SHUTTING_DOWN', 'The server is shutting down.'));
      }
    },
    get sessionCount() {
      return sessions.size;
    },
    get bufferedBytes() {
      return ledger.total;
    },
  };
}

function readLimits(options: Partial<HttpSocketLimits>): HttpSocketLimits {
  const limits = { ...defaultLimits };
  for (const name of Object.keys(limits) as (keyof HttpSocketLimits)[]) {
    const value = options[name];
    if (value === undefined) continue;
    if (!(value > 0)) throw new TypeError(`Failed to use the limit ${name}: ${value} is not a positive number.`);
    limits[name] = value;
  }
  return limits;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

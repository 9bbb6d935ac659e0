/**
 * @module
 * The IDs of v1 and v2: `ws-new-meta` gives one out, a WebSocket uses it up, and `ws-meta` tells once what the remote answered to
 * the handshake. v2's ID also stands for the request, which its WebSocket cannot carry.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BareProtocolError, type HeaderPair } from '@culvert/bare-protocol';
import { defaults, type BareServerOptions } from '../../options.js';
import { commonHeaders, sendJson } from '../answer.js';
import type { BareRequest } from '../bare-request.js';
import { describeRemote } from '../remote-answer.js';
import { MemoryMetaStore, type MetaStore } from './meta-store.js';

/** The versions that have IDs. */
export type MetaVersion = 'v1' | 'v2';

/** What v2's ID stands for. */
export interface SocketRequest {
  url: string;
  headers: HeaderPair[];
  forwardHeaders: string[];
}

/** How the remote answered. */
export interface SocketAnswer {
  status: number;
  statusText: string;
  headers: HeaderPair[];
}

export class SocketMeta {
  readonly #store: MetaStore;
  readonly #lifetime: number;

  constructor(options: BareServerOptions) {
    this.#store = options.metaStore ?? new MemoryMetaStore(Date.now, options.maxMetaEntries);
    this.#lifetime = options.metaLifetime ?? defaults.metaLifetime;
  }

  /** `ws-new-meta`. @param request what v2's ID will stand for */
  async sendNewId(version: MetaVersion, request: BareRequest | null, response: ServerResponse): Promise<void> {
    const id = randomBytes(16).toString('hex');
    const value: SocketRequest | null = request && {
      url: request.url.href,
      headers: request.headers,
      forwardHeaders: request.forwardHeaders,
    };
    await this.#store.set(`${version}:id:${id}`, JSON.stringify(value), this.#lifetime);
    response.writeHead(200, {
      ...commonHeaders,
      'Cache-Control': 'no-store',
      'Content-Type': 'text/plain',
      'Content-Length': id.length,
    });
    response.end(id);
  }

  /** Uses an ID up. @throws BareProtocolError when there is no such ID, or none any more */
  async takeId(version: MetaVersion, id: string, where: string): Promise<SocketRequest | null> {
    const value = await this.#take(`${version}:id:${id}`, id);
    if (value === null) throw unknownId(where);
    return JSON.parse(value) as SocketRequest | null;
  }

  async keepAnswer(version: MetaVersion, id: string, answer: SocketAnswer): Promise<void> {
    await this.#store.set(`${version}:answer:${id}`, JSON.stringify(answer), this.#lifetime);
  }

  /** `ws-meta`. */
  async sendAnswer(version: MetaVersion, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['x-bare-id'];
    const where = 'request.headers.x-bare-id';
    if (typeof id !== 'string') {
      throw new BareProtocolError('MISSING_BARE_HEADER', where, 'The header x-bare-id is missing.');
    }
    const value = await this.#take(`${version}:answer:${id}`, id);
    if (value === null) throw unknownId(where);
    const { status, statusText, headers } = JSON.parse(value) as SocketAnswer;
    if (version === 'v1') {
      sendJson(response, 200, `{"headers":${describeRemote(status, statusText, headers, false)['x-bare-headers']}}`);
    } else {
      const described = describeRemote(status, statusText, headers, true);
      response.writeHead(200, { ...commonHeaders, 'Cache-Control': 'no-store', ...described, 'Content-Length': 0 });
      response.end();
    }
  }

  async #take(key: string, id: string): Promise<string | null> {
    return /^[0-9a-f]{32}$/.test(id) ? this.#store.take(key) : null;
  }
}

function unknownId(where: string): BareProtocolError {
  return new BareProtocolError(
    'INVALID_BARE_HEADER',
    where,
    'There is no such ID, or not any more: an ID is good for one WebSocket, soon after it was given, and its meta data can be read once, when the WebSocket is open.',
  );
}

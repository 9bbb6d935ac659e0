/**
 * @module
 * How the worker and a page that listens talk: shared by both. A page subscribes with a message; each event comes as a message
 * with a port, on which the page says that it has it, asks for a body, and says that its listeners are done.
 */
import type {
  InterceptionType,
  ProxiedDownload,
  ProxiedNavigation,
  RequestFacts,
  RequestFailure,
} from './interception-events.js';

/** Page to worker. It replaces what the page has subscribed to before; an empty list ends it. The answer comes on the port. */
export interface SubscriptionRequest {
  culvert: 'subscribe';
  types: InterceptionType[];
}
export type SubscriptionAnswer = { culvert: 'subscribed' } & ({ ok: true } | { ok: false; message: string });

export interface RequestDescription extends RequestFacts {
  method: string;
  headers: [string, string][];
  body: Blob | null;
}

export interface ResponseDescription {
  status: number;
  statusText: string;
  headers: [string, string][];
}

/** What each type of event is on its way to a page. */
export interface InterceptionPayloads {
  request: RequestDescription;
  response: { request: RequestDescription; response: ResponseDescription; hasBody: boolean; isMocked: boolean };
  error: { request: RequestDescription; error: RequestFailure['error'] };
  navigate: ProxiedNavigation;
  download: ProxiedDownload;
}

/** Worker to page, with a port for `request` and `response`. */
export interface InterceptionMessage<Type extends InterceptionType = InterceptionType> {
  culvert: 'interception';
  type: Type;
  payload: InterceptionPayloads[Type];
  /** When the worker stops waiting for `received`, by `Date.now()`. */
  deadline: number;
}

/** A body that crosses realms: a stream where the engine can transfer one, else its bytes. */
export type TransferredBody = ReadableStream<Uint8Array> | ArrayBuffer | null;

/** Page to worker, on the port. */
export type InterceptionReply =
  | { stage: 'received' }
  /** The listener reads the body: `TransferredBody` is to come on the port. */
  | { stage: 'body' }
  | { stage: 'done'; answer: MockedAnswer | null };

/** `error` is a network error. */
export type MockedAnswer = 'error' | (ResponseDescription & { body: TransferredBody });

export function isSubscriptionRequest(data: unknown): data is SubscriptionRequest {
  const { culvert, types } = (data ?? {}) as Partial<SubscriptionRequest>;
  return culvert === 'subscribe' && Array.isArray(types) && types.every((type) => typeof type === 'string');
}

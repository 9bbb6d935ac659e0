/**
 * @module One fetch event: dispatched to the site's listeners, and what they answer sent to our worker, the body in pieces.
 */
import type { Realm } from '../../realm/realm.js';
import type { FromWorkerScope, ToWorkerScope } from '../messages.js';
import type { EventClasses } from './extendable-event.js';
import type { HandledRequests } from './handled-request.js';

type FetchMessage = Extract<ToWorkerScope, { type: 'fetch' }>;

export async function answerFetch(
  realm: Realm,
  message: FetchMessage,
  { events, requests, send }: { events: EventClasses; requests: HandledRequests; send(message: FromWorkerScope): void },
): Promise<void> {
  const { Response, TypeError } = realm.global as typeof globalThis;
  const { id, clientId, resultingClientId } = message;
  const event = new events.FetchEvent('fetch', {
    request: requests.create(message.request),
    clientId,
    resultingClientId,
    cancelable: true,
  });
  void events.run(event);
  const answer = events.answerOf(event);
  if (!answer) {
    // `preventDefault()` without an answer is a network error.
    send(
      event.defaultPrevented
        ? { type: 'failure', id, message: 'preventDefault() was called' }
        : { type: 'response', id, response: null },
    );
    return;
  }
  try {
    const response: unknown = await answer;
    if (!(response instanceof Response)) throw new TypeError('respondWith() was given no Response');
    if (response.type === 'error') throw new TypeError('respondWith() was given a network error');
    if (response.bodyUsed || response.body?.locked) throw new TypeError('the body of the Response is used');
    const { status, statusText, headers, url, type } = response;
    const { body } = response;
    send({
      type: 'response',
      id,
      response: { status, statusText, headers: [...headers], url, type, hasBody: body !== null },
    });
    if (body === null) return;
    const reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
    for (let part = await reader.read(); !part.done; part = await reader.read())
      send({ type: 'chunk', id, bytes: part.value });
    send({ type: 'end', id });
  } catch (error) {
    send({ type: 'failure', id, message: String(error) });
  }
}

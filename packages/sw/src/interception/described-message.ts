/**
 * @module
 * Requests and responses as data that can be posted, and back. Shared by the worker and the page.
 */
import type {
  MockedAnswer,
  RequestDescription,
  ResponseDescription,
  TransferredBody,
} from './interception-messages.js';

/** `Request` forbids some names (Cookie, Referer); what it may not say is left out. */
export function toRequest({ url, method, headers, body }: RequestDescription): Request {
  // A Request may not hold the credentials of a URL.
  const address = new URL(url);
  address.username = address.password = '';
  return new Request(address, { method, headers, ...(body && { body }) });
}

export function toResponse({ status, statusText, headers }: ResponseDescription, body: TransferredBody): Response {
  const isNullBody = [204, 205, 304].includes(status);
  return new Response(isNullBody ? null : body, { status, statusText, headers });
}

/** A body that is read by nobody costs nothing: it is asked for with the first read. */
export function lazyBody(open: () => Promise<TransferredBody>): ReadableStream<Uint8Array> {
  let reader: Promise<ReadableStreamDefaultReader<Uint8Array> | null> | null = null;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const opened = await (reader ??= open().then((body) => (body === null ? null : streamOf(body).getReader())));
        const result = await opened?.read();
        if (!result || result.done) controller.close();
        else controller.enqueue(result.value);
      },
      async cancel(reason) {
        await (await reader)?.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function streamOf(body: ReadableStream<Uint8Array> | ArrayBuffer): ReadableStream<Uint8Array> {
  return body instanceof ReadableStream ? body : new Response(body).body!;
}

/** An opaque response and `Response.error()` have nothing that could be shown. */
export function describeAnswer(response: Response): MockedAnswer {
  if (response.type === 'error' || response.status === 0) return 'error';
  const { status, statusText, body } = response;
  return { status, statusText, headers: withoutCoding([...response.headers]), body };
}

/** The body of a response that `fetch` gave is decoded, and no longer as long as it says. */
export function withoutCoding(headers: [string, string][]): [string, string][] {
  if (!headers.some(([name]) => name === 'content-encoding')) return headers;
  return headers.filter(([name]) => name !== 'content-encoding' && name !== 'content-length');
}

interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** Safari cannot transfer streams: the bytes are collected then. */
export async function postWithBody<Message>(
  port: Port,
  body: TransferredBody,
  message: (body: TransferredBody) => Message,
): Promise<void> {
  if (!(body instanceof ReadableStream)) return port.postMessage(message(body), body === null ? [] : [body]);
  try {
    port.postMessage(message(body), [body as unknown as Transferable]);
  } catch (error) {
    if ((error as Error).name !== 'DataCloneError') throw error;
    const bytes = await new Response(body).arrayBuffer();
    port.postMessage(message(bytes), [bytes]);
  }
}

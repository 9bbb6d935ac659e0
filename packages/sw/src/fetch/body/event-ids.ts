/**
 * @module
 * The id of the last event that each event source has got: Chromium shows the worker no `Last-Event-ID`, so what a site would
 * get with it when a connection is made again comes from here.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
import type { ResolvedRequest } from '../fetch-context.js';

/** A line is looked at so far; an id that is longer is none. In characters. */
const maximumLine = 4096;
const maximumSources = 200;

type Asked = Pick<ResolvedRequest, 'request' | 'event' | 'remoteUrl'>;

export class EventIds {
  readonly #ids = new Map<string, string>();

  /** What `Last-Event-ID` says in a request; empty for none. */
  lastOf(asked: Asked): string {
    return isEventSource(asked.request) ? (this.#ids.get(keyOf(asked)) ?? '') : '';
  }

  /** The same bytes. A source that its page closes is forgotten; one whose connection ends will ask again. */
  follow(asked: Asked, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const key = keyOf(asked);
    const reader = body.getReader();
    const lines = new EventIdReader((id) => this.#note(key, id));
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        lines.push(value);
        controller.enqueue(value);
      },
      cancel: (reason) => {
        this.#ids.delete(key);
        return reader.cancel(reason);
      },
    });
  }

  #note(key: string, id: string): void {
    this.#ids.delete(key);
    this.#ids.set(key, id);
    if (this.#ids.size > maximumSources) this.#ids.delete(this.#ids.keys().next().value!);
  }
}

/** A script that fetches a stream by itself sends what it wants to, and is told by its cache mode. */
export function isEventSource({ destination, cache, headers }: Request): boolean {
  return destination === '' && cache === 'no-store' && headers.get('accept') === 'text/event-stream';
}

function keyOf({ event, remoteUrl }: Asked): string {
  return `${event.clientId} ${remoteUrl}`;
}

/** Finds the `id` fields of a stream that comes in chunks; an id counts when its event is complete. */
class EventIdReader {
  readonly #decoder = new TextDecoder();
  readonly #note: (id: string) => void;
  #line = '';
  #id: string | null = null;
  #endsWithReturn = false;

  constructor(note: (id: string) => void) {
    this.#note = note;
  }

  push(bytes: Uint8Array): void {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === '') return;
    if (this.#endsWithReturn && text.startsWith('\n')) text = text.slice(1);
    this.#endsWithReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    for (const [index, part] of lines.entries()) {
      if (this.#line.length <= maximumLine) this.#line += part.slice(0, maximumLine + 1);
      if (index < lines.length - 1) this.#endLine();
    }
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = '';
    if (line === '' && this.#id !== null) {
      this.#note(this.#id);
      this.#id = null;
    }
    const id = line.length <= maximumLine ? /^id(?:: ?(.*))?$/s.exec(line) : null;
    if (id && !id[1]?.includes('\0')) this.#id = id[1] ?? '';
  }
}

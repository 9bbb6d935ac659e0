/**
 * @module
 * A TLS connection whose secrets another program logs: follows both directions and yields what is inside. Secrets may be
 * logged after the bytes came, so records wait for them in the order in which they came, up to a limit.
 */
import type { Description, Direction } from '../description.js';
import { ItemList } from '../description.js';
import { DescribeError } from '../errors.js';
import { OpaqueBytes } from '../opaque-bytes.js';
import type { TlsSecrets } from './key-log.js';
import { RecordReader, type TlsRecord } from './record-reader.js';
import { TlsDirection } from './tls-direction.js';
import type { TlsEvent } from './tls-event.js';
import { TlsHandshake } from './tls-handshake.js';

/** What a waiting record costs beside its bytes. */
const recordOverhead = 128;

interface Side {
  reader: RecordReader;
  records: TlsDirection;
  /** Records in order that wait for a secret; `sequence` counts over both directions. */
  waiting: { sequence: number; record: TlsRecord }[];
  /** What ends the reading after the waiting records. */
  fault: DescribeError | null;
  /** From where on nothing is read. */
  rest: OpaqueBytes | null;
}

export class TlsSession {
  readonly #handshake = new TlsHandshake();
  readonly #sides: Record<Direction, Side>;
  #sequence = 0;
  #waitingBytes = 0;

  /** `start`: bytes of the client's direction before TLS. `waitingLimit`: bytes that may wait for secrets. */
  constructor(
    private readonly secrets: TlsSecrets,
    private readonly waitingLimit: number,
    start = 0,
  ) {
    this.#sides = { client: this.#newSide('client', start), server: this.#newSide('server', 0) };
  }

  /** Whether records wait for a secret: `retry` may go on, when there are new ones in the log. */
  get isWaiting(): boolean {
    return this.#sides.client.waiting.length + this.#sides.server.waiting.length > 0;
  }

  push(bytes: Uint8Array, direction: Direction): TlsEvent[] {
    const side = this.#sides[direction];
    if (side.rest !== null) return asEvents(side.rest.push(bytes));
    side.reader.queue.push(bytes);
    if (side.fault === null) this.#cut(side);
    const events = this.retry();
    if (this.#waitingBytes > this.waitingLimit) events.push(...this.giveUp());
    return events;
  }

  /** Goes on as far as the secrets allow. */
  retry(): TlsEvent[] {
    const events: TlsEvent[] = [];
    const blocked = new Set<Direction>();
    for (let direction = this.#nextOf(blocked); direction !== null; direction = this.#nextOf(blocked)) {
      const side = this.#sides[direction];
      const { record } = side.waiting[0]!;
      try {
        const said = side.records.handle(record);
        if (said === null) {
          blocked.add(direction);
          continue;
        }
        this.#unqueue(side);
        events.push(...said);
        // A ServerHello may be what the other direction waited for.
        blocked.clear();
      } catch (error) {
        if (!(error instanceof DescribeError)) throw error;
        events.push(...this.#fail(direction, error));
      }
    }
    for (const direction of ['client', 'server'] as const) {
      const { fault, waiting, rest } = this.#sides[direction];
      if (fault !== null && waiting.length === 0 && rest === null) events.push(...this.#fail(direction, fault));
    }
    return events;
  }

  /** The secrets will not come: what waits, and all that follows it, is shown as bytes. */
  giveUp(): TlsEvent[] {
    const events: TlsEvent[] = [];
    for (const direction of ['client', 'server'] as const) {
      const first = this.#sides[direction].waiting[0];
      if (first === undefined) continue;
      events.push(...this.#fail(direction, this.#handshake.missingSecretError(first.record.offset)));
    }
    return events;
  }

  /** `direction` sends no more. */
  end(direction: Direction): TlsEvent[] {
    const events = this.retry();
    const side = this.#sides[direction];
    const [first] = side.waiting;
    if (first !== undefined) {
      events.push(...this.#fail(direction, this.#handshake.missingSecretError(first.record.offset)));
    }
    if (side.rest === null && side.reader.queue.length > 0) {
      const { offset, length } = side.reader.queue;
      const reason = `the connection ended after ${length} bytes of it`;
      events.push(...this.#fail(direction, new DescribeError('H2_DESCRIBE_TRUNCATED', offset, 'TLS Record', reason)));
    }
    return [...events, ...asEvents(side.rest?.end() ?? [])];
  }

  #newSide(direction: Direction, start: number): Side {
    const records = new TlsDirection(direction, this.#handshake, this.secrets);
    return { reader: new RecordReader(start), records, waiting: [], fault: null, rest: null };
  }

  #cut(side: Side): void {
    try {
      for (let record = side.reader.read(); record !== null; record = side.reader.read()) {
        side.waiting.push({ sequence: this.#sequence++, record });
        this.#waitingBytes += record.body.length + recordOverhead;
      }
    } catch (error) {
      if (!(error instanceof DescribeError)) throw error;
      side.fault = error;
    }
  }

  #unqueue({ waiting }: Side): TlsRecord {
    const { record } = waiting.shift()!;
    this.#waitingBytes -= record.body.length + recordOverhead;
    return record;
  }

  /** The direction whose record came first, of those that may go on. */
  #nextOf(blocked: ReadonlySet<Direction>): Direction | null {
    const sequenceOf = (direction: Direction) =>
      blocked.has(direction) ? Infinity : (this.#sides[direction].waiting[0]?.sequence ?? Infinity);
    const [client, server] = [sequenceOf('client'), sequenceOf('server')];
    if (client === Infinity && server === Infinity) return null;
    return client < server ? 'client' : 'server';
  }

  /** Says why, and shows what this direction has left and still sends as bytes. */
  #fail(direction: Direction, error: DescribeError): TlsEvent[] {
    const side = this.#sides[direction];
    const offset = side.waiting[0]?.record.offset ?? side.reader.queue.offset;
    const out = new ItemList();
    out.error(error);
    const told: Description = { kind: 'opaque', direction, offset, length: 0, items: out.items };
    side.rest = new OpaqueBytes(direction, offset);
    const descriptions = [told];
    while (side.waiting.length > 0) {
      const { header, body } = this.#unqueue(side);
      descriptions.push(...side.rest.push(header), ...side.rest.push(body));
    }
    const { queue } = side.reader;
    descriptions.push(...side.rest.push(queue.take(queue.length)));
    return asEvents(descriptions);
  }
}

function asEvents(descriptions: Description[]): TlsEvent[] {
  return descriptions.map((description) => ({ kind: 'description', description }));
}

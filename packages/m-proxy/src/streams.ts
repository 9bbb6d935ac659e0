/**
 * @module
 * The codec as WHATWG streams, for windows, workers and Node. Node's own kind of Transform is in the tunnel.
 */
import type { Address } from './address.js';
import type { EventName } from './frame.js';
import type { ErrorMessage, Message } from './message.js';
import { pack } from './pack.js';
import { Unpacker, type UnpackerHandlers, type UnpackerLimits } from './unpacker.js';

export interface TransformOptions {
  address: Partial<Address>;
  /** What the address itself does not say. */
  service?: string;
  serviceport?: number | string;
  name?: string;
}

/** The address with what the options add to it. */
export function completeAddress({ address, service, serviceport, name }: TransformOptions): Partial<Address> {
  return {
    ...address,
    service: address.service || service,
    serviceport: address.serviceport || serviceport,
    name: address.name || name,
  };
}

/** Packs each chunk of one client into one message. */
export function createTransform(options: TransformOptions): TransformStream<Uint8Array, Uint8Array> {
  const address = completeAddress(options);
  return new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => controller.enqueue(pack(address, chunk)),
  });
}

/** The packing stream under the name of the protocol's documentation. */
export const Transform = { create: createTransform };

export type UnpackedEvent =
  { event: Exclude<EventName, 'error'>; message: Message } | { event: 'error'; message: ErrorMessage };

/** Unpacks bytes into events. A stream that is no M-PROXY, or ends within a message, errors with an MProxyError. */
export function createUnpackTransform(limits?: UnpackerLimits): TransformStream<Uint8Array, UnpackedEvent> {
  let unpacker: Unpacker;
  return new TransformStream<Uint8Array, UnpackedEvent>({
    start(controller) {
      unpacker = new Unpacker(handlersFor(controller.enqueue.bind(controller)), limits);
    },
    transform: (chunk) => unpacker.addChunk(chunk),
    flush: () => unpacker.end(),
  });
}

function handlersFor(emit: (event: UnpackedEvent) => void): UnpackerHandlers {
  const each =
    <E extends UnpackedEvent['event']>(event: E) =>
    (message: Message) =>
      emit({ event, message } as UnpackedEvent);
  return {
    onmessage: each('message'),
    oncontrol: each('control'),
    onconnection: each('connection'),
    onpause: each('pause'),
    onresume: each('resume'),
    onend: each('end'),
    onerror: each('error'),
  };
}

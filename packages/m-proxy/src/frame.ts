/**
 * @module
 * The facts of the format: `<254><header length><header>[<data>]`. Who builds and who reads frames is elsewhere.
 */
import type { MessageField } from './errors.js';

/** The version of the protocol; on the wire it is 255 minus this. */
export const version = 1;
export const versionByte = 255 - version;

/** The header's length is one byte. */
export const maxHeaderLength = 255;

/** The states of the unpacker, in the order a message passes through them. */
export const states = ['version', 'headerLength', 'header', 'data'] as const;
export type State = (typeof states)[number];

/** The names in the service field that make a message more than data of a client. */
export const serviceEvents = ['control', 'connection', 'pause', 'resume', 'end', 'error'] as const;
export type ServiceEvent = (typeof serviceEvents)[number];
/** The events of the unpacker. */
export type EventName = ServiceEvent | 'message';

const reserved: ReadonlySet<string> = new Set(serviceEvents);

export function isServiceEvent(service: string): service is ServiceEvent {
  return reserved.has(service);
}

/** The header's fields in their order. A `connection` has that word for a service, and its service after the name. */
export const headerFields: readonly MessageField[] = [
  'family',
  'address',
  'port',
  'datalen',
  'service',
  'serviceport',
  'name',
];

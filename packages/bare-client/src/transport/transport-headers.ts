/**
 * @module
 * The two shapes in which transports have headers.
 */
import { groupHeaders, toHeaderPairs, type HeaderPair } from '@culvert/bare-protocol';
import type { TransportHeaderRecord, TransportHeaders } from './transport-types.js';

export function toPairs(headers: TransportHeaders): HeaderPair[] {
  return Array.isArray(headers) ? headers.map(([name, value]) => [name, value]) : toHeaderPairs(headers);
}

export function toRecord(pairs: HeaderPair[]): TransportHeaderRecord {
  return Object.fromEntries(groupHeaders(pairs));
}

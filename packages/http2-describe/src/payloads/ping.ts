/**
 * @module
 * PING (RFC 9113 section 6.7).
 */
import { hex } from '../hexdump.js';
import type { PayloadDescriber } from './payload.js';

export const describePing: PayloadDescriber = ({ reader, out }) => {
  const span = reader.span(8);
  const bytes = reader.take(8, 'Opaque Data');
  out.field('Opaque Data', hex(bytes), { opaqueData: bytes.toString('hex') }, span);
};

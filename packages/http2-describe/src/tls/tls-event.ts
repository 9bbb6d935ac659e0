/**
 * @module
 * What following a TLS connection yields: descriptions of its own records, and the bytes that were inside.
 */
import type { Description, Direction } from '../description.js';

export type TlsEvent =
  { kind: 'description'; description: Description } | { kind: 'plaintext'; direction: Direction; bytes: Buffer };

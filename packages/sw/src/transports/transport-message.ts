/**
 * @module
 * How a page outside of the scope tells the worker which transport to take. Shared by both.
 */
export interface TransportRequest {
  culvert: 'set-transport';
  /** One of the option `transports`, or `bare` for the Bare servers. */
  name: string;
  /** What the function of that name is given. */
  options: unknown;
}

/** Comes on the port. */
export type TransportAnswer = { culvert: 'transport' } & ({ ok: true } | { ok: false; message: string });

export function isTransportRequest(data: unknown): data is TransportRequest {
  const { culvert, name } = (data ?? {}) as Partial<TransportRequest>;
  return culvert === 'set-transport' && typeof name === 'string';
}

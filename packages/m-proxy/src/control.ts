/**
 * @module
 * The data of control messages: a JSON array that begins with an id. A positive id is a command, the same id negated is
 * its answer (null or an error, then a result), 0 is an error that answers nothing.
 */
import { MProxyError } from './errors.js';
import { packMessage } from './pack.js';

export type ControlMessage =
  | { kind: 'command'; id: number; command: string; args: unknown[] }
  | { kind: 'answer'; id: number; error: ControlError | null; result: unknown }
  | { kind: 'error'; error: ControlError };

export interface ControlError {
  message: string;
  code: string | undefined;
}

const decoder = new TextDecoder();

/** @throws MProxyError M_PROXY_BAD_CONTROL */
export function parseControl(data: Uint8Array | undefined): ControlMessage {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoder.decode(data));
  } catch (cause) {
    throw new MProxyError('M_PROXY_BAD_CONTROL', 'Failed to read a control message: it is not JSON.', {
      field: 'data',
      cause,
    });
  }
  const [id, second, ...rest] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  if (!Number.isSafeInteger(id)) {
    throw new MProxyError('M_PROXY_BAD_CONTROL', 'Failed to read a control message: it is no array with an id.', {
      field: 'data',
    });
  }
  const number = id as number;
  if (number === 0) {
    return { kind: 'error', error: toControlError(second) };
  }
  if (number < 0) {
    const error = second == null ? null : toControlError(second);
    return { kind: 'answer', id: -number, error, result: rest[0] };
  }
  if (typeof second !== 'string') {
    throw new MProxyError('M_PROXY_BAD_CONTROL', 'Failed to read a control message: its command has no name.', {
      field: 'data',
    });
  }
  return { kind: 'command', id: number, command: second, args: rest };
}

/** A whole message, header and data. */
export function packControl(values: readonly [id: number, ...rest: unknown[]]): Uint8Array {
  return packMessage(null, values, 'control');
}

/** An error is an object with a message and a code, or a text alone: "[Error] bad hello". */
function toControlError(value: unknown): ControlError {
  if (typeof value === 'object' && value !== null) {
    const { message, code } = value as { message?: unknown; code?: unknown };
    return { message: String(message ?? ''), code: typeof code === 'string' ? code : undefined };
  }
  return { message: String(value), code: undefined };
}

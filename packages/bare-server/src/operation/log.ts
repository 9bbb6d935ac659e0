/**
 * @module
 * What the server says about each request, as data: where it went by host and nothing of what was asked there. No path, query, header,
 * cookie or token is in an entry, so that a log can be kept and shown.
 */

export interface LogEntry {
  /** ISO 8601. */
  time: string;
  event: 'request' | 'websocket' | 'shutdown';
  /** Address; of IPv6 the /64. */
  client?: string;
  method?: string;
  /** `v3`; missing for what is no Bare request. */
  version?: string;
  /** Scheme, host and port of the remote. */
  remote?: string;
  /** Of our answer. */
  status?: number;
  /** Code of the error that was answered with. */
  error?: string;
  /** From the head of the request to the end of the answer. */
  milliseconds?: number;
  /** For the start and the end of a shutdown. */
  message?: string;
}

/** A `log` function that writes one JSON object a line. */
export function jsonLog(stream: { write(text: string): unknown }): (entry: LogEntry) => void {
  return (entry) => void stream.write(`${JSON.stringify(entry)}\n`);
}

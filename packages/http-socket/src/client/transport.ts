/**
 * @module
 * One HTTP request and its answer, whole: all that the client asks of the platform's HTTP.
 */

export interface HttpRequest {
  method: 'POST' | 'PUT' | 'GET' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
  /** An answer with a longer body fails. */
  maxAnswerBytes: number;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  header(name: string): string | null;
  body: Uint8Array;
}

/** Rejects when there is no answer, or not all of it. Must not follow redirects: the headers are for the one server. */
export type HttpTransport = (request: HttpRequest) => Promise<HttpAnswer>;

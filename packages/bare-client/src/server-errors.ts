/**
 * @module
 * Answers that do not carry a remote's: an error of the Bare server, or something that is no Bare server, in which case the
 * message says what to look at.
 */
import { BareProtocolError, parseBareErrorBody, type BareErrorBody } from '@culvert/bare-protocol';
import { BareError } from './errors.js';

const tooLarge = 'Raise the limits for headers and bodies of the Bare server and what is in front of it.';
const notBehind = 'The Bare server behind it does not answer.';

/** What a status means when it comes without Bare headers. */
const advice: Record<number, string> = {
  404: 'Check the directory of the Bare server: nothing is served there.',
  413: tooLarge,
  414: tooLarge,
  429: 'The server limits requests; wait, or raise the limit.',
  431: tooLarge,
  502: notBehind,
  503: notBehind,
  504: notBehind,
};

export async function readServerError(answer: Response, server: string, remoteUrl: string): Promise<BareError> {
  const contentType = answer.headers.get('content-type') ?? '';
  let text = '';
  try {
    text = await answer.text();
  } catch {
    // The connection broke inside the error; its status still says something.
  }
  const body = parseBareErrorBody(text);
  if (body !== null && !(answer.status >= 200 && answer.status < 300)) {
    const message = body.message ?? `The Bare server reports ${body.code}.`;
    return new BareError({ code: specificCode(body), id: body.id, status: answer.status, message, remoteUrl });
  }
  const hint = advice[answer.status] ?? 'Check that this is the URL of a Bare server.';
  return new BareError({
    code: 'IMPL_NOT_A_BARE_SERVER',
    id: 'response',
    status: answer.status,
    message: `Failed to fetch ${remoteUrl}: ${server} answered ${answer.status} ${contentType || 'without a type'} and not as a Bare server does. ${hint}`,
    remoteUrl,
  });
}

/** What bare-server-node says while it gives every failure the code UNKNOWN. */
const knownMessages: [pattern: RegExp, code: string][] = [
  [/resolved|ENOTFOUND|EAI_/, 'HOST_NOT_FOUND'],
  [/REFUSED|rejected/, 'CONNECTION_REFUSED'],
  [/RESET|hang up|forcibly/, 'CONNECTION_RESET'],
  [/TIMEDOUT|timed out/, 'CONNECTION_TIMEOUT'],
  [/^Forbidden IP/, 'IMPL_BLOCKED_ADDRESS'],
  [/not specified/, 'MISSING_BARE_HEADER'],
  [/forbidden header/, 'FORBIDDEN_BARE_HEADER'],
  [/invalid JSON|^Invalid URL/, 'INVALID_BARE_HEADER'],
  [/^Parse Error/, 'IMPL_INVALID_RESPONSE'],
  [/certificate/, 'IMPL_TLS_ERROR'],
];

function specificCode({ code, message }: BareErrorBody): string {
  if (code !== 'UNKNOWN' || message === undefined) return code;
  return knownMessages.find(([pattern]) => pattern.test(message))?.[1] ?? code;
}

/** What a parser of the protocol says of a server's words, as an error of ours. */
export function unreadable(cause: unknown, failure: string, remoteUrl: string): unknown {
  if (!(cause instanceof BareProtocolError)) return cause;
  // The part of a split header is the server's here, and not the client's.
  const id = cause.id.replace('request.', 'response.');
  const message = `${failure}: ${cause.message} Check what answers at the server's URL.`;
  return new BareError({ code: cause.code, id, message, remoteUrl }, { cause });
}

export function serverTimeout(server: string, remoteUrl: string, milliseconds: number): BareError {
  return new BareError({
    code: 'IMPL_SERVER_TIMEOUT',
    id: 'response',
    message: `Failed to fetch ${remoteUrl}: the Bare server ${server} did not answer within ${milliseconds / 1000} s. Raise connectTimeout or headersTimeout, or see what holds it up.`,
    remoteUrl,
  });
}

/** Nothing of the request got as far as the remote: it may be made again, whatever it is. */
export function isBeforeRemote({ status }: BareError): boolean {
  return isVersionMissing(status) || status === 429;
}

/** A path that is not served, which is how a version that a manifest promises turns out not to be there. */
export function isVersionMissing(status: number): boolean {
  return status === 404 || status === 501;
}

/** The fault of the server, or of what is in front of it, and not of the remote: another server may do better. */
export function isServerFault(error: unknown): error is BareError {
  if (!(error instanceof BareError)) return false;
  return serverFaults.has(error.code) || isBeforeRemote(error);
}

const serverFaults = new Set([
  'IMPL_SERVER_UNREACHABLE',
  'IMPL_SERVER_TIMEOUT',
  'IMPL_NOT_A_BARE_SERVER',
  'IMPL_NO_COMMON_VERSION',
]);

export function unreachable(server: string, remoteUrl: string, cause: unknown): BareError {
  return new BareError(
    {
      code: 'IMPL_SERVER_UNREACHABLE',
      id: 'request',
      message: `Failed to reach the Bare server ${server}: ${cause instanceof Error ? cause.message : String(cause)}. Check that it runs, and that it allows CORS.`,
      remoteUrl,
    },
    { cause },
  );
}

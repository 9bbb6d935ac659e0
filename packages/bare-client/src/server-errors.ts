/**
 * @module
 * Answers that do not carry a remote's: an error of the Bare server, or something that is no Bare server, in which case the
 * message says what to look at.
 */
import { parseBareErrorBody } from '@culvert/bare-protocol';
import { BareError } from './errors.js';

/** What a status means when it comes without Bare headers. */
const advice: Record<number, string> = {
  401: 'It asks for a login, which the client does not send.',
  403: 'Something in front of the Bare server refuses the request.',
  404: 'Check the directory of the Bare server: nothing is served there.',
  405: 'Something in front of the Bare server refuses the method.',
  413: 'Raise the limit for request bodies of the web server in front of the Bare server.',
  414: 'Raise the header limits of the web server in front of the Bare server.',
  429: 'The server limits requests; wait, or raise the limit.',
  431: 'Raise the limit for header sizes of the Bare server or of the web server in front of it.',
  502: 'The web server in front runs, but the Bare server behind it does not answer.',
  503: 'The web server in front runs, but the Bare server behind it does not answer.',
  504: 'The web server in front runs, but the Bare server behind it answers too slowly.',
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
    return new BareError({ code: body.code, id: body.id, status: answer.status, message, remoteUrl });
  }
  const hint =
    advice[answer.status] ??
    'Check that this is the URL of a Bare server, and that nothing in between drops X-Bare headers.';
  return new BareError({
    code: 'IMPL_NOT_A_BARE_SERVER',
    id: 'response',
    status: answer.status,
    message: `Failed to fetch ${remoteUrl}: ${server} answered ${answer.status} ${contentType || 'without a type'} and not as a Bare server does. ${hint}`,
    remoteUrl,
  });
}

export function unreachable(server: string, remoteUrl: string, cause: unknown): BareError {
  return new BareError(
    {
      code: 'IMPL_SERVER_UNREACHABLE',
      id: 'request',
      message: `Failed to reach the Bare server ${server}: ${cause instanceof Error ? cause.message : String(cause)}. Check that it runs and, if it has another origin, that it allows CORS.`,
      remoteUrl,
    },
    { cause },
  );
}

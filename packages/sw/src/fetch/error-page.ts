/**
 * @module
 * The page for a navigation that failed: what, why, and what to try. It stands alone and loads nothing.
 */
import { errorCode } from '../errors.js';
import { escapeAttribute as escape } from './body/boot-script.js';

interface Explanation {
  status: number;
  title: string;
  /** What to try. */
  advice: string;
}

const unknownFault: Explanation = {
  status: 500,
  title: 'Something went wrong in the proxy',
  advice: 'Try again. If it fails the same way each time, it is a bug in Culvert: please report the details below.',
};

const serverSetup: Explanation = {
  status: 502,
  title: 'The Bare server did not answer as one',
  advice: 'Whoever runs this proxy should check the address of the Bare server, and what stands in front of it.',
};

/** By the code of a BareError or a ServiceWorkerError. */
const explanations: Readonly<Record<string, Explanation>> = {
  HOST_NOT_FOUND: {
    status: 502,
    title: 'The site’s address could not be found',
    advice:
      'Check the address for typing mistakes. If it is right, the site’s name may have expired, or the proxy server’s name service is down.',
  },
  CONNECTION_REFUSED: {
    status: 502,
    title: 'The site refused the connection',
    advice: 'Nothing listens at that address and port. The site may be down; check the port if there is one.',
  },
  CONNECTION_RESET: {
    status: 502,
    title: 'The connection to the site broke',
    advice: 'Try again. If it stays so, the site closes connections that come from the proxy server.',
  },
  CONNECTION_TIMEOUT: {
    status: 504,
    title: 'The site took too long to answer',
    advice: 'Try again later. The site may be overloaded, or drop what comes from the proxy server.',
  },
  IMPL_TLS_ERROR: {
    status: 502,
    title: 'The site’s connection is not secure',
    advice:
      'Its certificate has expired, is not for this name, or comes from nobody the proxy server trusts. Nothing was sent.',
  },
  IMPL_INVALID_RESPONSE: {
    status: 502,
    title: 'The site sent an answer that makes no sense',
    advice: 'What answers there may not be a web server. Check the port, and http: against https:.',
  },
  IMPL_BLOCKED_ADDRESS: {
    status: 403,
    title: 'This address is blocked',
    advice:
      'It lies in a private network, and the proxy server does not reach into its own. Whoever runs it can allow that with --allow-private.',
  },
  CONNECTION_LIMIT_EXCEEDED: {
    status: 429,
    title: 'Too many requests',
    advice: 'The proxy server limits how much one visitor may ask. Wait a minute, then try again.',
  },
  IMPL_SERVER_UNREACHABLE: {
    status: 502,
    title: 'The proxy server cannot be reached',
    advice: 'Check your connection. If other sites outside the proxy work, the Bare server is down.',
  },
  IMPL_NOT_A_BARE_SERVER: serverSetup,
  IMPL_INVALID_SERVER: serverSetup,
  IMPL_TRANSPORT_FAILED: {
    status: 502,
    title: 'The transport could not load this page',
    advice:
      'Its own words are below. The site may be down or have a certificate that the transport does not trust, or the transport’s server does not answer.',
  },
  SW_INVALID_ROUTE: {
    status: 400,
    title: 'This is no address of a page',
    advice: 'Go back to where you started and enter the site’s address there.',
  },
  SW_UNKNOWN_ASSET: {
    status: 404,
    title: 'The proxy has nothing at this address',
    advice: 'Go back to where you started and enter the site’s address there.',
  },
  SW_UNSUPPORTED_SCHEME: {
    status: 400,
    title: 'This kind of address cannot be opened',
    advice: 'The proxy opens pages whose address begins with http: or https:.',
  },
  SW_INVALID_STATUS: {
    status: 502,
    title: 'The site sent an answer that makes no sense',
    advice: 'Its status is none that a browser can show. Try again later.',
  },
  SW_INVALID_REDIRECT: {
    status: 502,
    title: 'The site sends the browser nowhere',
    advice:
      'It answers with a redirect to an address that cannot be followed. Open another page of it, or try again later.',
  },
  SW_CONTENT_POLICY: {
    status: 403,
    title: 'The page does not allow this frame',
    advice: 'Its content security policy names what may be shown in it. Open the address by itself.',
  },
  SW_FRAMING: {
    status: 403,
    title: 'The site does not let others show it in a frame',
    advice: 'Open its address by itself.',
  },
  SW_MIXED_CONTENT: {
    status: 403,
    title: 'This frame is not secure',
    advice: 'The page around it is. Open the address by itself.',
  },
  SW_TIMEOUT: {
    status: 504,
    title: 'The site took too long to answer',
    advice: 'Try again later.',
  },
  SW_TRANSPORT_FAILED: {
    status: 502,
    title: 'The transport does not start',
    advice: 'Choose another one, or try again later.',
  },
  SW_NOT_CACHED: {
    status: 504,
    title: 'This page is not stored',
    advice: 'Load it again.',
  },
};

const keptOutOfFrames: ReadonlySet<string> = new Set(['SW_CONTENT_POLICY', 'SW_FRAMING']);

/** @param proxyUrl what was navigated to, for the link that tries again. */
export function errorPage(error: unknown, proxyUrl: string): Response {
  const code = errorCode(error);
  const explanation = (code !== null && explanations[code]) || unknownFault;
  const message = error instanceof Error ? error.message : String(error);
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
    // In a frame of an isolated page nothing else is shown.
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'cross-origin',
    // What a policy keeps out of a frame the browser shows as it shows it without us: as a frame nobody can look into.
    ...(code !== null && keptOutOfFrames.has(code) && { 'x-frame-options': 'DENY' }),
  };
  return new Response(render(explanation, message, code, proxyUrl), { status: explanation.status, headers });
}

function render({ title, advice }: Explanation, message: string, code: string | null, proxyUrl: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas }
body { max-width: 36rem; margin: 12vh auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem; line-height: 1.25 }
a { display: inline-block; margin-top: .5rem; padding: .4rem 1rem; border: 1px solid currentcolor; border-radius: .4rem; color: inherit; text-decoration: none }
small { display: block; margin-top: 2.5rem; opacity: .75; overflow-wrap: anywhere }
</style>
<h1>${escape(title)}</h1>
<p>${escape(advice)}</p>
<p><a href="${escape(proxyUrl)}">Try again</a></p>
<small>${escape(message)}${code === null ? '' : `<br><code>${escape(code)}</code>`}</small>
</html>
`;
}

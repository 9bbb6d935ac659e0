/**
 * @module
 * Scripts that are fetched: which of them will run, by which goal, and as what they are answered.
 */
import {
  encodingFromLabel,
  isJavaScriptMimeType,
  parseMimeType,
  rewriteEncodedScript,
  rewriteScript,
  toBrowser,
  type ScriptOptions,
  type UrlSettings,
} from '@culvert/rewriter';
import { notStored, type TranslatedResponse } from '../fetch-context.js';

/**
 * Will the browser run it? What it would refuse keeps its type, so that it refuses it; and a JSON or CSS module is no script.
 *
 * @param goal `unknown` where the request does not tell a module from a classic script.
 * @see https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
 */
export function isExecutable(goal: 'classic' | 'unknown', headers: Headers): boolean {
  const contentType = headers.get('content-type') ?? '';
  if (isJavaScriptMimeType(contentType)) return true;
  if (/^nosniff\b/i.test(headers.get('x-content-type-options') ?? '')) return false;
  // Classic scripts run with all but a few wrong types. A module would not, but what asks here may be a classic script with
  // the `crossorigin` attribute: it is rewritten, and keeps its type.
  const mimeType = parseMimeType(contentType);
  if (!mimeType) return true;
  if (goal === 'unknown' && /json$|^css$|^wasm$/.test(mimeType.subtype)) return false;
  return !['audio', 'image', 'video'].includes(mimeType.type) && mimeType.essence !== 'text/csv';
}

/**
 * Is it a module, as far as text tells? Only asked where the request leaves it open. Taken for a classic script, a module
 * without imports and exports is rewritten the same.
 */
export function isModuleText(source: string): boolean {
  return /\b(?:import|export)\b/.test(source) && !parsesAsClassicScript(source);
}

/** The engine's own parser decides. Nothing runs; a `return` that it lets pass is no sign of a module. */
function parsesAsClassicScript(source: string): boolean {
  try {
    new Function(source);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    // A host that serves the worker with a policy against eval: a declaration at the start of a line has to do.
    return !/^\s*(?:import\s*["'{*\w$]|export\s*[{*\w])/m.test(source);
  }
}

export function rewriteRemoteScript(source: string, kind: 'script' | 'module', context: TranslatedResponse): string {
  return rewriteScript(source, { kind, ...scopedImports(context) });
}

/** Bytes to bytes, in the encoding that they came in. */
export async function rewriteRemoteBytes(
  source: Uint8Array<ArrayBuffer>,
  kind: 'script' | 'module',
  context: TranslatedResponse,
): Promise<Uint8Array<ArrayBuffer>> {
  const { event, services, responseHeaders } = context;
  const encoding = kind === 'module' ? 'utf-8' : declaredEncoding(responseHeaders);
  const client = encoding === null ? await services.clients.find(event.clientId) : null;
  const rewrite = () => rewriteEncodedScript(source, { kind, ...scopedImports(context) }, encoding, client?.encoding);
  // What is stored is kept with what it was rewritten to; and at a route that depends on its URL.
  if (context.storing !== notStored || context.asset !== null) return rewrite();
  return services.rewrittenScripts.rewrite(source, `${kind} ${encoding} ${client?.encoding}`, rewrite);
}

/** Without one it is that of the element or of its document, and the browser knows them. */
function declaredEncoding(headers: Headers): string | null {
  const charset = parseMimeType(headers.get('content-type') ?? '')?.parameters.get('charset');
  return charset === undefined ? null : encodingFromLabel(charset);
}

/**
 * At a scoped URL relative specifiers would resolve against the proxy's; at a real one they are right as they are. They become
 * scoped too: the static imports of a module worker fall under its document's `worker-src`, which our leak guard restricts to
 * ourselves (measured in Chromium 156; without the policy, or by `import()`, a real URL would do).
 */
export function scopedImports({
  asset,
  remoteUrl,
  services,
}: TranslatedResponse): Pick<ScriptOptions, 'scopedImports'> {
  if (asset === null) return {};
  const settings: UrlSettings = { ...services.config.settings, urls: 'scoped' };
  return { scopedImports: { baseUrl: remoteUrl, toBrowser: (url) => toBrowser(url, 'module', settings) } };
}

/** The charset stays what it was: the text is still in it. */
export function rewrittenScriptResponse(
  { remote, responseHeaders }: TranslatedResponse,
  body: BodyInit,
  charset = parseMimeType(responseHeaders.get('content-type') ?? '')?.parameters.get('charset'),
): Response {
  const contentType = responseHeaders.get('content-type') ?? '';
  // A wrong type stays wrong: a module with it must fail, and a classic script runs with it all the same.
  const essence =
    isJavaScriptMimeType(contentType) || contentType === '' ? 'text/javascript' : parseMimeType(contentType)?.essence;
  const parameter = charset === undefined ? '' : `; charset=${charset}`;
  responseHeaders.set('content-type', `${essence ?? 'text/javascript'}${parameter}`);
  responseHeaders.delete('content-length');
  return new Response(body, { status: remote.status, statusText: remote.statusText, headers: responseHeaders });
}

/**
 * @module
 * The X-Bare headers of a v3 request, checked.
 */
import type { IncomingMessage } from 'node:http';
import { BareProtocolError, joinHeaders, parseBareHeaders, type HeaderPair } from '@culvert/bare-protocol';
import { forwardRules, passRules, readNameList, readStatusList } from '../header-lists.js';
import { checkHeaderPairs } from '../remote-headers.js';

export interface V3Request {
  url: URL;
  headers: HeaderPair[];
  forwardHeaders: string[];
  passHeaders: string[];
  passStatus: number[];
  hasCache: boolean;
  /** The browser's cache asks whether what it has is still good. */
  isConditional: boolean;
  hasBody: boolean;
  /** As received, in lower case. */
  bareHeaderNames: string[];
}

const knownHeaders = new Set([
  'x-bare-url',
  'x-bare-headers',
  'x-bare-forward-headers',
  'x-bare-pass-headers',
  'x-bare-pass-status',
]);

/** @throws BareProtocolError */
export function readV3Request(request: IncomingMessage, search: string): V3Request {
  const bare = new Map<string, string>();
  let isConditional = false;
  let hasBody = false;
  const { rawHeaders } = request;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    if (name === 'if-none-match' || name === 'if-modified-since') isConditional = true;
    else if (name === 'content-length' || name === 'transfer-encoding') hasBody = true;
    if (!name.startsWith('x-bare-')) continue;
    const id = `request.headers.${name}`;
    if (!knownHeaders.has(name) && !/^x-bare-headers-\d{1,4}$/.test(name)) {
      throw new BareProtocolError('UNKNOWN_BARE_HEADER', id, `Bare v3 has no header ${name}.`);
    }
    if (bare.has(name)) throw new BareProtocolError('INVALID_BARE_HEADER', id, `${name} occurs twice.`);
    bare.set(name, rawHeaders[index + 1]!);
  }
  const url = readRemoteUrl(required(bare.get('x-bare-url'), 'x-bare-url'));
  const headers = parseBareHeaders(required(joinHeaders(bare, 'X-Bare-Headers'), 'x-bare-headers'));
  checkHeaderPairs(headers);
  return {
    url,
    headers,
    forwardHeaders: readNameList(bare.get('x-bare-forward-headers'), 'X-Bare-Forward-Headers', forwardRules),
    passHeaders: readNameList(bare.get('x-bare-pass-headers'), 'X-Bare-Pass-Headers', passRules),
    passStatus: readStatusList(bare.get('x-bare-pass-status')),
    hasCache: search !== '' && new URLSearchParams(search).has('cache'),
    isConditional,
    hasBody,
    bareHeaderNames: [...bare.keys()],
  };
}

function required(value: string | null | undefined, name: string): string {
  if (value === null || value === undefined) {
    throw new BareProtocolError('MISSING_BARE_HEADER', `request.headers.${name}`, `The header ${name} is missing.`);
  }
  return value;
}

function readRemoteUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new BareProtocolError(
      'INVALID_BARE_HEADER',
      'request.headers.x-bare-url',
      'X-Bare-URL is not an absolute http: or https: URL.',
    );
  }
  return url;
}

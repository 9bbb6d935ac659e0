/**
 * @module
 * A request to the Bare server, read and checked: what the versions have in common, and what they do not (where the remote's
 * address stands, how lists are written, whether headers come in parts).
 */
import type { IncomingMessage } from 'node:http';
import {
  BareProtocolError,
  joinHeaders,
  parseBareHeaders,
  splitHeaderLimit,
  type HeaderPair,
} from '@culvert/bare-protocol';
import type { IdleWatch } from '../limits/idle-watch.js';
import type { BareVersion } from '../options.js';
import { readNameList, readStatusList, type VersionRules } from './header-lists.js';
import { remoteUrlFromParts } from './remote-url.js';
import { checkHeaderPairs } from './remote-headers.js';

export interface BareRequest {
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

export interface ReadRequestOptions {
  version: BareVersion;
  rules: VersionRules;
  /** Refuse values over the specification's 3072 bytes. */
  isStrict: boolean;
  /** Schemes that the remote may have. */
  protocols: readonly string[];
  maxBodySize: number;
  idleWatch: IdleWatch;
}

const addressHeaders: Record<BareVersion, readonly string[]> = {
  v1: ['x-bare-host', 'x-bare-port', 'x-bare-protocol', 'x-bare-path'],
  v2: ['x-bare-host', 'x-bare-port', 'x-bare-protocol', 'x-bare-path'],
  v3: ['x-bare-url'],
};
const commonHeaders = ['x-bare-headers', 'x-bare-forward-headers', 'x-bare-pass-headers', 'x-bare-pass-status'];
const knownHeaders: Record<BareVersion, ReadonlySet<string>> = {
  v1: new Set([...addressHeaders.v1, ...commonHeaders]),
  v2: new Set([...addressHeaders.v2, ...commonHeaders]),
  v3: new Set([...addressHeaders.v3, ...commonHeaders]),
};

/** @throws BareProtocolError */
export function readBareRequest(request: IncomingMessage, search: string, options: ReadRequestOptions): BareRequest {
  const { version, rules, isStrict, protocols } = options;
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
    const isPart = rules.hasSplitHeaders && /^x-bare-headers-\d{1,4}$/.test(name);
    if (!isPart && !knownHeaders[version].has(name)) {
      throw new BareProtocolError('UNKNOWN_BARE_HEADER', id, `Bare ${version} has no header ${name}.`);
    }
    if (bare.has(name)) throw new BareProtocolError('INVALID_BARE_HEADER', id, `${name} occurs twice.`);
    const value = rawHeaders[index + 1]!;
    // The semicolon in front of a part may come on top.
    const limit = splitHeaderLimit + (isPart ? 1 : 0);
    if (isStrict && (isPart || name === 'x-bare-headers') && value.length > limit) {
      const message = `${name} has ${value.length} bytes; the limit is ${limit}.`;
      throw new BareProtocolError('INVALID_BARE_HEADER', id, message);
    }
    bare.set(name, value);
  }
  const url = version === 'v3' ? readRemoteUrl(requiredHeader(bare, 'x-bare-url')) : readAddress(bare, protocols);
  const json = rules.hasSplitHeaders ? joinHeaders(bare, 'X-Bare-Headers') : bare.get('x-bare-headers');
  if (json == null) throw missing('x-bare-headers');
  const headers = parseBareHeaders(json);
  checkHeaderPairs(headers);
  // Only V1 insists on it.
  if (version === 'v1') requiredHeader(bare, 'x-bare-forward-headers');
  const { forward, pass, listSyntax } = rules;
  return {
    url,
    headers,
    forwardHeaders: readNameList(bare.get('x-bare-forward-headers'), 'X-Bare-Forward-Headers', forward, listSyntax),
    passHeaders: readNameList(bare.get('x-bare-pass-headers'), 'X-Bare-Pass-Headers', pass, listSyntax),
    passStatus: readStatusList(bare.get('x-bare-pass-status'), listSyntax),
    hasCache: rules.hasCacheParameter && search !== '' && new URLSearchParams(search).has('cache'),
    isConditional,
    hasBody,
    bareHeaderNames: [...bare.keys()],
  };
}

function requiredHeader(bare: ReadonlyMap<string, string>, name: string): string {
  const value = bare.get(name);
  if (value === undefined) throw missing(name);
  return value;
}

export function missing(name: string): BareProtocolError {
  return new BareProtocolError('MISSING_BARE_HEADER', `request.headers.${name}`, `The header ${name} is missing.`);
}

function readRemoteUrl(text: string): URL {
  const url = parseUrl(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new BareProtocolError(
      'INVALID_BARE_HEADER',
      'request.headers.x-bare-url',
      'X-Bare-URL is not an absolute http: or https: URL.',
    );
  }
  return url;
}

/** Not by `URL.canParse`, which would have every address read twice. */
function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function readAddress(bare: ReadonlyMap<string, string>, protocols: readonly string[]): URL {
  const [host, port, protocol, path] = addressHeaders.v2.map((name) => requiredHeader(bare, name));
  return remoteUrlFromParts(
    { host: host!, port: port!, protocol: protocol!, path: path! },
    protocols,
    (part, reason) => {
      return new BareProtocolError(
        'INVALID_BARE_HEADER',
        `request.headers.x-bare-${part}`,
        `X-Bare-${part[0]!.toUpperCase()}${part.slice(1)} ${reason}.`,
      );
    },
  );
}

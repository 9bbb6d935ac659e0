/**
 * @module
 * X-Bare-Forward-Headers, X-Bare-Pass-Headers and X-Bare-Pass-Status: what each version adds by itself, what it forbids, and how
 * the lists are written.
 */
import { BareProtocolError, parseHeaderList } from '@culvert/bare-protocol';
import type { BareVersion } from '../options.js';

export interface ListRules {
  base: readonly string[];
  /** In place of the base when the request has the `cache` parameter. */
  whenCached: readonly string[];
  forbidden: ReadonlySet<string>;
  /** What becomes of a forbidden name: an error, or nothing. */
  onForbidden: 'refuse' | 'ignore';
}

export interface VersionRules {
  forward: ListRules;
  pass: ListRules;
  /** v1 writes lists as JSON, the others as header lists (RFC 8941). */
  listSyntax: 'json' | 'structured';
  /** Whether a long X-Bare-Headers comes, and goes, in parts. */
  hasSplitHeaders: boolean;
  hasCacheParameter: boolean;
}

const forbiddenToPass = new Set([
  'vary',
  'connection',
  'transfer-encoding',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-expose-headers',
  'access-control-max-age',
  'access-control-request-headers',
  'access-control-request-method',
]);
const forbiddenToForward = new Set(['connection', 'transfer-encoding', 'host', 'origin', 'referer']);
const conditions = ['if-modified-since', 'if-none-match', 'cache-control'];
const forwardedByV2 = ['sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-version'];
const forwardedByV3 = ['accept-encoding', 'accept-language'];
const passedByV3 = ['content-encoding', 'content-length', 'last-modified'];

const v3: VersionRules = {
  forward: {
    base: forwardedByV3,
    whenCached: [...forwardedByV3, ...conditions],
    forbidden: forbiddenToForward,
    onForbidden: 'refuse',
  },
  pass: {
    base: passedByV3,
    // The V3 page names request headers here (if-modified-since, if-none-match); V2's list is what a cache needs.
    whenCached: [...passedByV3, 'cache-control', 'etag'],
    forbidden: forbiddenToPass,
    onForbidden: 'refuse',
  },
  listSyntax: 'structured',
  hasSplitHeaders: true,
  hasCacheParameter: true,
};

/** docs/bare-server.md says where this departs from the specification's words, and why. */
export const versionRules: Readonly<Record<BareVersion, VersionRules>> = {
  v1: {
    forward: {
      // Content-Length and Transfer-Encoding, which V1 forwards too, are written for the body that comes (remote-headers).
      base: ['content-encoding'],
      whenCached: ['content-encoding'],
      // V1 forbids nothing here. What belongs to our own connection cannot be handed on all the same.
      forbidden: new Set(['connection', 'transfer-encoding', 'content-length', 'origin', 'referer']),
      onForbidden: 'ignore',
    },
    pass: {
      base: ['content-encoding', 'content-length'],
      whenCached: ['content-encoding', 'content-length'],
      forbidden: forbiddenToPass,
      onForbidden: 'refuse',
    },
    listSyntax: 'json',
    hasSplitHeaders: false,
    hasCacheParameter: false,
  },
  v2: {
    ...v3,
    forward: {
      ...v3.forward,
      base: [...v3.forward.base, ...forwardedByV2],
      whenCached: [...v3.forward.whenCached, ...forwardedByV2],
    },
  },
  v3,
};

/** The rules of each version where a server has been told what to do with forbidden names. */
export function rulesFor(version: BareVersion, onForbidden: 'refuse' | 'ignore' | undefined): VersionRules {
  const rules = versionRules[version];
  if (onForbidden === undefined) return rules;
  return { ...rules, forward: { ...rules.forward, onForbidden }, pass: { ...rules.pass, onForbidden } };
}

/** What the request lists itself, checked, in lower case. */
export function readNameList(
  text: string | undefined,
  header: string,
  rules: ListRules,
  syntax: VersionRules['listSyntax'],
): string[] {
  if (text === undefined) return [];
  const names = readList(text, header, syntax);
  return checkNames(names, `request.headers.${header.toLowerCase()}`, header, rules);
}

/**
 * The names that may be used.
 *
 * @throws BareProtocolError FORBIDDEN_BARE_HEADER
 */
export function checkNames(names: readonly string[], id: string, header: string, rules: ListRules): string[] {
  const allowed = names.filter((name) => !rules.forbidden.has(name));
  if (allowed.length !== names.length && rules.onForbidden === 'refuse') {
    const forbidden = names.find((name) => rules.forbidden.has(name));
    throw new BareProtocolError('FORBIDDEN_BARE_HEADER', id, `${header} must not name ${JSON.stringify(forbidden)}.`);
  }
  return allowed;
}

export function readStatusList(text: string | undefined, syntax: VersionRules['listSyntax']): number[] {
  if (text === undefined) return [];
  return readList(text, 'X-Bare-Pass-Status', syntax).map((member) => {
    const status = Number(member);
    // Node cannot send other statuses as the final one, nor can a browser receive them.
    if (!/^\d{3}$/.test(member) || status < 200 || status > 599) {
      throw new BareProtocolError(
        'INVALID_BARE_HEADER',
        'request.headers.x-bare-pass-status',
        `X-Bare-Pass-Status has ${JSON.stringify(member)}, which is not a status between 200 and 599.`,
      );
    }
    return status;
  });
}

function readList(text: string, header: string, syntax: VersionRules['listSyntax']): string[] {
  if (syntax === 'structured') return parseHeaderList(text, header);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notAnArray(header, cause);
  }
  return readJsonList(value, () => notAnArray(header));
}

/** The members of a JSON array of strings and numbers, in lower case. */
export function readJsonList(value: unknown, invalid: () => BareProtocolError): string[] {
  if (!Array.isArray(value)) throw invalid();
  return value.map((member: unknown) => {
    if (typeof member !== 'string' && typeof member !== 'number') throw invalid();
    return String(member).toLowerCase();
  });
}

function notAnArray(header: string, cause?: unknown): BareProtocolError {
  return new BareProtocolError(
    'INVALID_BARE_HEADER',
    `request.headers.${header.toLowerCase()}`,
    `${header} is not a JSON array of names or numbers.`,
    { cause },
  );
}

/**
 * @module
 * X-Bare-Forward-Headers, X-Bare-Pass-Headers and X-Bare-Pass-Status: what each version adds by itself and what it forbids.
 */
import { BareProtocolError, parseHeaderList } from '@culvert/bare-protocol';

interface ListRules {
  base: readonly string[];
  /** Added to the base when the request has the `cache` parameter. */
  withCache: readonly string[];
  forbidden: ReadonlySet<string>;
}

export const forwardRules: ListRules = {
  base: ['accept-encoding', 'accept-language'],
  withCache: ['if-modified-since', 'if-none-match', 'cache-control'],
  forbidden: new Set(['connection', 'transfer-encoding', 'host', 'origin', 'referer']),
};

export const passRules: ListRules = {
  base: ['content-encoding', 'content-length', 'last-modified'],
  // The V3 page names request headers here (if-modified-since, if-none-match); V2's list is what a cache needs.
  withCache: ['cache-control', 'etag'],
  forbidden: new Set([
    'vary',
    'connection',
    'transfer-encoding',
    'access-control-allow-headers',
    'access-control-allow-methods',
    'access-control-expose-headers',
    'access-control-max-age',
    'access-control-request-headers',
    'access-control-request-method',
  ]),
};

/** What the request lists itself, checked. */
export function readNameList(text: string | undefined, header: string, rules: ListRules): string[] {
  if (text === undefined) return [];
  const names = parseHeaderList(text, header);
  checkNames(names, `request.headers.${header.toLowerCase()}`, header, rules);
  return names;
}

/** @throws BareProtocolError FORBIDDEN_BARE_HEADER */
export function checkNames(names: readonly string[], id: string, header: string, rules: ListRules): void {
  const forbidden = names.find((name) => rules.forbidden.has(name));
  if (forbidden !== undefined) {
    throw new BareProtocolError('FORBIDDEN_BARE_HEADER', id, `${header} must not name ${JSON.stringify(forbidden)}.`);
  }
}

export function readStatusList(text: string | undefined): number[] {
  if (text === undefined) return [];
  return parseHeaderList(text, 'X-Bare-Pass-Status').map((member) => {
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

/**
 * @module What the `WebSocket` constructor, `send` and `close` accept, and the errors for what they do not.
 * https://websockets.spec.whatwg.org/#the-websocket-interface
 */

export type ThrowDomException = (message: string, name: string) => never;

/** The URL record to connect to. Relative and http(s) URLs are allowed. */
export function parseSocketUrl(url: string, baseUrl: string, fail: ThrowDomException): URL {
  const prefix = "Failed to construct 'WebSocket': ";
  let parsed: URL;
  try {
    parsed = new URL(url, baseUrl);
  } catch {
    return fail(`${prefix}The URL '${url}' is invalid.`, 'SyntaxError');
  }
  if (parsed.protocol === 'http:') parsed.protocol = 'ws:';
  else if (parsed.protocol === 'https:') parsed.protocol = 'wss:';
  if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:') {
    const scheme = parsed.protocol.slice(0, -1);
    const message = `The URL's scheme must be either 'http', 'https', 'ws', or 'wss'. '${scheme}' is not allowed.`;
    return fail(prefix + message, 'SyntaxError');
  }
  if (parsed.href.includes('#')) {
    const fragment = parsed.hash.slice(1);
    const message = `The URL contains a fragment identifier ('${fragment}'). Fragment identifiers are not allowed in WebSocket URLs.`;
    return fail(prefix + message, 'SyntaxError');
  }
  return parsed;
}

/** The list of subprotocols, each an HTTP token and none twice (ASCII case-insensitively). */
export function parseSocketProtocols(protocols: unknown, fail: ThrowDomException): string[] {
  const list = protocolList(protocols);
  const seen = new Set<string>();
  for (const protocol of list) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(protocol)) {
      return fail(`Failed to construct 'WebSocket': The subprotocol '${protocol}' is invalid.`, 'SyntaxError');
    }
    if (seen.has(protocol.toLowerCase())) {
      return fail(`Failed to construct 'WebSocket': The subprotocol '${protocol}' is duplicated.`, 'SyntaxError');
    }
    seen.add(protocol.toLowerCase());
  }
  return list;
}

function protocolList(protocols: unknown): string[] {
  if (protocols === undefined) return [];
  const isObject = (typeof protocols === 'object' && protocols !== null) || typeof protocols === 'function';
  if (isObject && typeof (protocols as Iterable<unknown>)[Symbol.iterator] === 'function') {
    return Array.from(protocols as Iterable<unknown>, (protocol) => `${protocol as string}`);
  }
  return [`${protocols as string}`];
}

/** Web IDL `[Clamp] unsigned short`. */
export function parseCloseCode(code: unknown, fail: ThrowDomException): number | undefined {
  if (code === undefined) return undefined;
  const number = Number(code);
  // Math.round rounds half up; [Clamp] rounds half to even.
  const clamped = Math.min(Math.max(Number.isNaN(number) ? 0 : number, 0), 65535);
  const floor = Math.floor(clamped);
  const isHalf = clamped - floor === 0.5;
  const closeCode = isHalf ? floor + (floor % 2) : Math.round(clamped);
  if (closeCode !== 1000 && (closeCode < 3000 || closeCode > 4999)) {
    const message = `The close code must be either 1000, or between 3000 and 4999. ${closeCode} is neither.`;
    return fail(`Failed to execute 'close' on 'WebSocket': ${message}`, 'InvalidAccessError');
  }
  return closeCode;
}

export function parseCloseReason(reason: unknown, fail: ThrowDomException): string | undefined {
  if (reason === undefined) return undefined;
  const text = toUsvString(`${reason as string}`);
  if (new TextEncoder().encode(text).byteLength > 123) {
    const message = 'The close reason must not be greater than 123 UTF-8 bytes.';
    return fail(`Failed to execute 'close' on 'WebSocket': ${message}`, 'SyntaxError');
  }
  return text;
}

/** Web IDL `USVString`: lone surrogates become U+FFFD. */
export function toUsvString(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

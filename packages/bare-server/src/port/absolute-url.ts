/**
 * @module
 * The URL that a request is for, whatever way it came: asked of us, of a proxy (absolute form), or sent to us by somebody who
 * redirected it (Host). RFC 9112 section 3.3, "Reconstructing the Target URI".
 */
import type { IncomingMessage } from 'node:http';
import type { Connection } from './connection.js';

/** Of RFC 9112 section 3.2. */
export type TargetForm = 'origin' | 'absolute' | 'asterisk';

export interface RequestTarget {
  url: URL;
  form: TargetForm;
  /** The path and query as they came, unnormalised; `*` for the asterisk form. */
  path: string;
}

/** Null for a target, or a Host, that no URL can be made of. */
export function readTarget(request: IncomingMessage, connection: Connection): RequestTarget | null {
  const target = request.url ?? '';
  const absolute = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)([^#]*)/i.exec(target);
  if (absolute) {
    const [, scheme, authority, path] = absolute;
    if (!/^https?$/i.test(scheme!)) return null;
    // The Host of such a request is to be ignored (RFC 9112 section 3.2.2).
    return makeTarget('absolute', scheme!, authority!, path!.startsWith('/') ? path! : `/${path!}`);
  }
  const authority = authorityOf(request, connection);
  if (authority === null) return null;
  const scheme = connection.isEncrypted ? 'https' : 'http';
  if (target === '*') return makeTarget('asterisk', scheme, authority, '*');
  return target.startsWith('/') ? makeTarget('origin', scheme, authority, target) : null;
}

function makeTarget(form: TargetForm, scheme: string, authority: string, path: string): RequestTarget | null {
  // Userinfo is deprecated and a way to mislead (RFC 9110 section 4.2.4).
  if (authority === '' || /[@\\\s]/.test(authority)) return null;
  const text = `${scheme.toLowerCase()}://${authority}${form === 'asterisk' ? '' : path}`;
  return URL.canParse(text) ? { url: new URL(text), form, path } : null;
}

/** A request of HTTP/1.0 may have no Host: then it is for where the tunnel goes, or for the address that was connected to. */
function authorityOf({ headers, rawHeaders, httpVersion }: IncomingMessage, connection: Connection): string | null {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  // RFC 9112 section 3.2: a server must refuse more than one, and none in HTTP/1.1.
  if (hosts.length > 1 || (hosts.length === 0 && httpVersion === '1.1')) return null;
  if (headers.host !== undefined && headers.host !== '') return headers.host;
  if (connection.tunnelTarget !== null) return connection.tunnelTarget;
  const { localAddress = 'localhost', localPort } = connection.stream;
  const host = localAddress.includes(':') ? `[${localAddress.replace(/%.*$/, '')}]` : localAddress;
  return localPort === undefined ? host : `${host}:${localPort}`;
}

/** The `host:port` of a CONNECT (RFC 9110 section 9.3.6), as a URL that only stands for the two; null for anything else. */
export function readConnectTarget(target: string | undefined): URL | null {
  const [, host, port] = /^(\[[\da-fA-F:.]+\]|[^\s/?#@:[\]\\]+):(\d{1,5})$/.exec(target ?? '') ?? [];
  if (host === undefined || port === undefined || Number(port) < 1 || Number(port) > 65535) return null;
  const text = `http://${host}:${port}/`;
  return URL.canParse(text) ? new URL(text) : null;
}

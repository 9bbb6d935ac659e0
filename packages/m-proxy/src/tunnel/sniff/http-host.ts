/**
 * @module
 * The host in the head of an HTTP/1 request (RFC 9112 section 3.2). Only the first request of a connection is read: all
 * that follow on it go the same way.
 */
import type { Sniffed } from './sniffed.js';

export function sniffHost(bytes: Uint8Array): Sniffed {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  // Empty lines before the request line are to be ignored (RFC 9112 section 2.2).
  const start = /[^\r\n]/.exec(text)?.index;
  if (start === undefined) {
    return { state: 'more' };
  }
  // A method is a token; whatever has another byte in its place is no HTTP, and need not be waited for.
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+( |$)/.test(text.slice(start))) {
    return { state: 'invalid' };
  }
  const end = /\r?\n\r?\n/.exec(text.slice(start));
  if (!end) {
    return { state: 'more' };
  }
  const lines = text.slice(start, start + end.index).split(/\r?\n/);
  const requestLine = /^(\S+) (\S+) HTTP\/\d\.\d$/.exec(lines[0]!);
  if (!requestLine) {
    return { state: 'invalid' };
  }
  const [, method, target] = requestLine as unknown as [string, string, string];
  // The authority of the target goes before the Host field (RFC 9112 section 3.2.2).
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
  const hosts = lines.slice(1).flatMap((line) => /^host:[ \t]*(.*?)[ \t]*$/i.exec(line)?.[1] ?? []);
  if (hosts.length > 1) {
    return { state: 'invalid' };
  }
  const authority = absolute ?? (method === 'CONNECT' ? target : hosts[0]);
  return { state: 'done', name: authority ? hostName(authority) : undefined };
}

/** The host of an authority, without user and port. */
function hostName(authority: string): string | undefined {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const name = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.replace(/:\d*$/, '');
  return name || undefined;
}

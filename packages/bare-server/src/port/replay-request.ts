/**
 * @module
 * A request whose offer to switch protocols is not taken up, as bytes that no longer make one. Node hands every request with an Upgrade
 * header over together with its connection; a server may ignore the header (RFC 9110 section 7.8), so it is read again without.
 */
import type { IncomingMessage } from 'node:http';

/** @param head what came after the request's head */
export function withoutUpgrade(request: IncomingMessage, head: Buffer): Buffer {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const [name, value] = [request.rawHeaders[index]!, request.rawHeaders[index + 1]!];
    const key = name.toLowerCase();
    if (key === 'upgrade' || key === 'http2-settings') continue;
    if (key !== 'connection') {
      lines.push(`${name}: ${value}`);
      continue;
    }
    const options = value.split(',').filter((option) => !/^\s*(?:upgrade|http2-settings)\s*$/i.test(option));
    if (options.length > 0) lines.push(`${name}: ${options.join(',').trim()}`);
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]);
}

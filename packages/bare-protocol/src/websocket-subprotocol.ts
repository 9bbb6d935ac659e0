/**
 * @module
 * The escape that v1 and v2 use to carry text in Sec-WebSocket-Protocol. Like percent-encoding, with the token characters as the
 * safe set; it knows characters up to U+00FF only, so JSON has to be \u-escaped before.
 */
import { BareProtocolError } from './bare-error-body.js';

const unsafe = /[^!#$&'*+\-.0-9A-Z^_`a-z|~]/g;

/** @throws BareProtocolError INVALID_BARE_HEADER for a character above U+00FF */
export function encodeSubprotocol(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    if (code > 0xff) {
      throw invalid(
        `${JSON.stringify(character)} cannot be encoded: escape it as \\u${code.toString(16).padStart(4, '0')}.`,
      );
    }
    return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** @throws BareProtocolError INVALID_BARE_HEADER for a percent sign without two hexadecimal digits */
export function decodeSubprotocol(text: string): string {
  return text.replace(/%(.{0,2})/gs, (_match, digits: string) => {
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) throw invalid(`%${digits} is not an escape.`);
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}

function invalid(reason: string): BareProtocolError {
  return new BareProtocolError(
    'INVALID_BARE_HEADER',
    'request.headers.sec-websocket-protocol',
    `Sec-WebSocket-Protocol is not valid: ${reason}`,
  );
}

/**
 * @module
 * Header lists (RFC 8941) as X-Bare-Forward-Headers, X-Bare-Pass-Headers and X-Bare-Pass-Status use them: tokens, strings and
 * integers. Parameters are skipped, since none is defined.
 */
import { BareProtocolError } from './bare-error-body.js';

const item = /^(?:"((?:[^"\\]|\\["\\])*)"|([!#$%&'*+\-.^_`|~:/0-9A-Za-z]+))(?:\s*;.*)?$/;

/**
 * The members of a list, in lower case.
 *
 * @throws BareProtocolError INVALID_BARE_HEADER when a member is neither a token nor a string
 */
export function parseHeaderList(text: string, header: string): string[] {
  const members: string[] = [];
  for (const part of text.split(',')) {
    const trimmed = part.trim();
    if (trimmed === '') continue;
    const match = item.exec(trimmed);
    const member = match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2];
    if (member === undefined) {
      throw new BareProtocolError(
        'INVALID_BARE_HEADER',
        `request.headers.${header.toLowerCase()}`,
        `${header} is not a list of names: ${JSON.stringify(trimmed)}.`,
      );
    }
    members.push(member.toLowerCase());
  }
  return members;
}

export function serializeHeaderList(members: Iterable<string | number>): string {
  return Array.from(members, String).join(', ');
}

/**
 * @module
 * What a site asks for with a 401: the `Basic` challenge among those in `WWW-Authenticate`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 * @see https://www.rfc-editor.org/rfc/rfc7617
 */
import type { HeaderPair } from '@culvert/bare-client';
import { decodeHeaderText, headerValues } from '../headers/header-list.js';

export interface BasicChallenge {
  /** What the credentials are for, in the site's words; empty where it says nothing, as browsers take it. */
  realm: string;
}

/** @returns `null` where only schemes are asked for that cannot be answered here (`Digest`, `Negotiate` and so on) */
export function basicChallenge(headers: readonly HeaderPair[]): BasicChallenge | null {
  for (const value of headerValues(headers, 'www-authenticate')) {
    const challenge = findBasic(value);
    if (challenge) return challenge;
  }
  return null;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** A parameter, or the name of a scheme, possibly with a token68 (which nobody sends with a challenge of ours). */
const item = new RegExp(`[\\s,]*(?:(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))|(${token}))`, 'y');

/** Challenges and their parameters are both separated by commas; a name without `=` begins the next challenge. */
function findBasic(value: string): BasicChallenge | null {
  let scheme = '';
  let found: BasicChallenge | null = null;
  item.lastIndex = 0;
  for (let match = item.exec(value); match; match = item.exec(value)) {
    const [, name, quoted, plain, begun] = match;
    if (begun !== undefined) {
      if (found) return found;
      scheme = begun.toLowerCase();
      if (scheme === 'basic') found = { realm: '' };
    } else if (found && name!.toLowerCase() === 'realm') {
      found.realm = decodeHeaderText(quoted?.replace(/\\(.)/gs, '$1') ?? plain!);
    }
  }
  return found;
}

/**
 * @module What `cookieStore.set` refuses, and why.
 */

export interface CookieInit {
  name: string;
  value?: string;
  domain?: string | null;
  path?: string;
  expires?: number | Date | null;
  sameSite?: 'strict' | 'lax' | 'none';
  partitioned?: boolean;
}

/** https://cookiestore.spec.whatwg.org/#set-a-cookie, in the words of Chromium. */
export function cookieProblem({ name, value = '', domain, path }: CookieInit): string | null {
  if (name === undefined) return "Failed to read the 'name' property from 'CookieInit': Required member is undefined.";
  const forbidden = /[;\0-\x08\x0a-\x1f\x7f]/;
  if (`${name}`.includes('=')) return "Cookie name cannot contain '='";
  if (forbidden.test(`${name}${value}`)) {
    return 'Cookie was malformed and could not be stored, due to problem(s) while parsing.';
  }
  if (`${name}` === '' && `${value}` === '') return 'Cookie name and value both cannot be empty';
  if (`${name}` === '' && `${value}`.includes('=')) return "Cookie value cannot contain '=' if the name is empty";
  if (domain && `${domain}`.startsWith('.')) return 'Cookie domain cannot start with "."';
  if (path && !`${path}`.startsWith('/')) return 'Cookie path must start with "/"';
  if (`${name}`.startsWith('__Host-') && path && `${path}` !== '/') {
    return 'Cookies with "__Host-" prefix cannot have a non-"/" path';
  }
  return null;
}

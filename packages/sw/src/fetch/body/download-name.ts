/**
 * @module
 * The name under which a file is saved. Browsers take it from the URL, which is the proxy's and says
 * `https%3A%2F%2F…`; so it is given in a header where the site gave none.
 */

/** @see https://www.rfc-editor.org/rfc/rfc6266 */
export function nameDownload(headers: Headers, remoteUrl: string): void {
  const disposition = headers.get('content-disposition') ?? 'inline';
  if (/;\s*filename\*?\s*=/i.test(disposition) || !URL.canParse(remoteUrl)) return;
  const name = new URL(remoteUrl).pathname.split('/').at(-1);
  if (!name) return;
  // The path is percent-encoded UTF-8 as RFC 8187 wants it, but for a few characters that a path may hold as they are.
  const encoded = name.replace(
    /[^A-Za-z0-9!#$&+.^_`|~%-]/g,
    (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  headers.set('content-disposition', `${disposition}; filename*=UTF-8''${encoded}`);
}

/**
 * @module
 * What stands in for the browser's own dialogue, which no answer of a service worker opens: a page at the address that asked,
 * which tells the worker (`~/sign-in`) and loads again.
 */
import { escapeAttribute as escape } from '../fetch/body/boot-script.js';
import type { ProtectionSpace } from './http-credentials.js';

export interface SignInPage {
  space: ProtectionSpace;
  remoteUrl: string;
  /** Did the site refuse what was sent? */
  isRefused: boolean;
  /** Where the worker takes the answer. */
  action: string;
}

export function signInPage(page: SignInPage): Response {
  const nonce = crypto.randomUUID();
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-dns-prefetch-control': 'off',
    // In a frame of an isolated page nothing else is shown.
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'cross-origin',
  };
  return new Response(render(page, nonce), { status: 401, headers });
}

function render({ space, remoteUrl, isRefused, action }: SignInPage, nonce: string): string {
  const hidden = Object.entries({ url: remoteUrl, realm: space.realm, site: space.topLevelSite })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`)
    .join('');
  const warning = space.origin.startsWith('http:') ? '<p>Your connection to this site is not private.</p>' : '';
  const refused = isRefused ? '<p role="alert">The site did not take that name and password.</p>' : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Sign in</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; color: CanvasText; background: Canvas }
body { max-width: 24rem; margin: 12vh auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem; line-height: 1.25 }
p { overflow-wrap: anywhere }
label { display: block; margin-top: 1rem }
input { box-sizing: border-box; width: 100%; padding: .4rem; font: inherit }
button { margin: 1.25rem .5rem 0 0; padding: .4rem 1rem; border: 1px solid currentcolor; border-radius: .4rem; background: none; color: inherit; font: inherit; cursor: pointer }
</style>
<h1>Sign in</h1>
<p>${escape(space.origin)} asks for a name and a password${space.realm === '' ? '' : ` for “${escape(space.realm)}”`}.</p>
${warning}${refused}<form>
${hidden}
<label>Name <input name="name" autocomplete="username" autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button value="sign-in">Sign in</button><button value="cancel">Cancel</button>
</form>
<script nonce="${nonce}">
document.forms[0].addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = new FormData(event.target);
  body.set('answer', event.submitter.value);
  await fetch(${JSON.stringify(action)}, { method: 'POST', body });
  location.reload();
});
</script>
</html>
`;
}

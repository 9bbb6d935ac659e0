/**
 * An app, the provider that it signs its visitors in at, and the API that takes the provider's tokens: three origins at one port,
 * told apart by the host that is asked for. Names under `localhost`, since what signs in needs `crypto.subtle`. The app has two
 * names, one of which is of the same site as the provider: there a frame of the provider's gets its cookies.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';
import { reportPort } from './report-port.mjs';

const testTree = path.join(import.meta.dirname, '../..');
const fixtures = path.join(testTree, 'sites/sign-in/fixtures');
const library = path.join(testTree, 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js');

const sites = {
  'app.localhost': serveApp,
  'app.locks.localhost': serveApp,
  'id.locks.localhost': serveProvider,
  'api.locks.localhost': serveApi,
};

const server = createServer((request, response) => {
  const host = request.headers.host?.split(':')[0];
  const site = sites[host];
  if (site) site(request, response);
  else response.writeHead(421).end(`No site is called ${host}.`);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const at = (name) => `http://${name}:${port}`;
const apps = [at('app.localhost'), at('app.locks.localhost')];
const [id, api] = [at('id.locks.localhost'), at('api.locks.localhost')];

const provider = new Provider(id, {
  clients: [
    {
      client_id: 'lock-keeper',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      redirect_uris: ['callback', 'popup', 'silent'].flatMap((page) => apps.map((app) => `${app}/${page}.html`)),
      post_logout_redirect_uris: apps.map((app) => `${app}/?signed-out`),
    },
  ],
  cookies: { keys: ['not-a-secret'] },
  claims: { openid: ['sub'], profile: ['name'] },
  clientBasedCORS: (_context, origin) => apps.includes(origin),
  findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, name: `Keeper ${sub}` }) }),
  pkce: { required: () => true },
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  // The pages of the library load a font from elsewhere.
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { logoutSource: askToSignOut } },
});
const answerAsProvider = provider.callback();

function serveApp(request, response) {
  const { pathname } = new URL(request.url, apps[0]);
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const types = { '.html': 'text/html', '.js': 'text/javascript' };
  const files = ['index.html', 'callback.html', 'popup.html', 'silent.html', 'app.js'];
  if (name === 'config.json') return sendJson(response, 200, { id, api });
  if (name === 'oidc-client.js') return send(response, 'text/javascript', readFileSync(library));
  if (files.includes(name)) return send(response, types[path.extname(name)], readFileSync(path.join(fixtures, name)));
  response.writeHead(404).end();
}

/** Pages of the provider's own beside those of the library: forms, and one that tells its opener which account was chosen. */
function serveProvider(request, response) {
  if (request.url.startsWith('/choose')) {
    return send(response, 'text/html', readFileSync(path.join(fixtures, 'choose.html')));
  }
  if (request.url.startsWith('/interaction/')) return interact(request, response);
  // Cookies that are sent to a frame of another site have to be `Secure`, which the library refuses to write over http:
  // browsers take them from a host under localhost.
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) =>
    setHeader(name, name.toLowerCase() === 'set-cookie' ? value.map((cookie) => `${cookie}; secure`) : value);
  answerAsProvider(request, response);
}

/** Asks for a name and a password, then for the consent to what the app wants to know. */
async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    return send(response, 'text/html', readFileSync(path.join(fixtures, `${prompt.name}.html`)));
  }
  const form = new URLSearchParams(await text(request));
  if (prompt.name === 'login') {
    if (form.get('password') !== 'not-a-secret') return response.writeHead(303, { location: request.url }).end();
    return provider.interactionFinished(request, response, { login: { accountId: form.get('login') } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

/** @param form the library's own, without a button. */
function askToSignOut(context, form) {
  const page = readFileSync(path.join(fixtures, 'sign-out.html'), 'utf8');
  context.body = page.replace('<form></form>', form);
}

let preflight = null;

/** Takes the tokens of the provider from pages of the app. */
async function serveApi(request, response) {
  const { origin } = request.headers;
  if (apps.includes(origin)) response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', 'x-locks-left');
  if (request.method === 'OPTIONS') {
    preflight = { origin, headers: request.headers['access-control-request-headers'] };
    response.writeHead(204, { 'access-control-allow-headers': 'authorization', 'access-control-max-age': '0' }).end();
    return;
  }
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const found = token && (await provider.AccessToken.find(token));
  if (!found) return sendJson(response, 401, { error: 'Sign in first.' });
  response.setHeader('x-locks-left', '3');
  const { cookie } = request.headers;
  sendJson(response, 200, { keeper: found.accountId, scope: found.scope, origin, cookie, preflight });
  preflight = null;
}

function sendJson(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function send(response, type, body) {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
}

reportPort(server);

/**
 * @module
 * What the worker serves of its own, below `/service/~/`.
 */
import type { ClientChannel } from '../../clients/client-channel.js';
import type { FetchEventLike, Services } from '../../fetch/fetch-context.js';
import { parseWorkerRuntimeUrl, workerBootStatement } from '../../fetch/body/worker-script.js';
import type { HttpSocketBridge } from '../../clients/http-socket-bridge.js';
import { reportFile } from '../../security/policy-reports.js';
import { scopeScript } from '../../service-workers/scope-script.js';
import { hostFile } from '../../service-workers/site-worker.js';
import { readyFile } from '../../service-workers/waking-page.js';
import type { Route } from '../route.js';

export function ownFilesRoute(services: Services, channel: ClientChannel, httpSockets: HttpSocketBridge): Route {
  const { config } = services;
  const directory = `${config.settings.origin}${config.settings.scope}~/`;
  const files: Readonly<Record<string, (event: FetchEventLike) => Promise<Response>>> = {
    /** Imported by module workers before anything else. */
    'worker-runtime.js': async ({ request }) => {
      const identity = parseWorkerRuntimeUrl(request.url);
      // What fetch() asks for has no destination: a page must not read the token in it.
      if (!identity || request.destination === '') return notFound();
      const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' };
      return new Response(await workerBootStatement(services, identity), { headers });
    },
    /** In which a site's service worker runs. */
    [hostFile]: async (event) => (await scopeScript(event, services)) ?? notFound(),
    /** Asked by the page that starts one. */
    [readyFile]: async ({ request }) => {
      const version = new URL(request.url).searchParams.get('version') ?? '';
      await services.serviceWorkers.scopes.awaitStart(version, 15_000);
      return new Response(null, { status: 204 });
    },
    /** The messages of workers, which cannot post any, and those that must come before the page's next request. */
    message: async (event) => {
      if (await channel.receiveHeader(event)) return new Response(null, { status: 204 });
      if (event.request.method !== 'POST') return notFound();
      return Response.json(await channel.receiveRequest(event));
    },
    /** What the user has answered to the page that asks for a name and a password. */
    'sign-in': async ({ request }) => (request.method === 'POST' ? services.signIns.answer(request) : notFound()),
    /** What the browser has found against a site's policy. A page's own requests are none of these. */
    [reportFile]: async (event) => {
      if (event.request.destination !== 'report') return notFound();
      return services.policyReports.forward(event);
    },
    /** A page's WebSockets where the way to the Bare server lets none through, as plain requests. */
    'http-socket': (event) => httpSockets.forward(event),
    'http-socket.js': () => httpSockets.script(),
    /** An empty controlled document: the embedding page fetches through it what must come by way of the worker (icons). */
    blank: async () =>
      new Response('<!doctype html><title>Culvert</title>', {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'; connect-src *",
          'cache-control': 'no-store',
        },
      }),
  };
  return {
    matches: ({ url }) => url.startsWith(directory),
    handle: async (event) => {
      const name = event.request.url.slice(directory.length).split(/[?#]/)[0]!;
      const serve = Object.hasOwn(files, name) ? files[name] : undefined;
      return serve ? serve(event) : notFound();
    },
  };
}

function notFound(): Response {
  return new Response('There is no such file of the proxy.\n', {
    status: 404,
    headers: { 'content-type': 'text/plain' },
  });
}

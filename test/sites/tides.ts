/** @module A progressive web app: tide tables with a service worker built of Workbox, that go on without a network. */
import path from 'node:path';
import { build, type Rolldown } from 'vite';
import { startSiteInProcess, type Site } from '../support/site.js';

export interface Tides extends Site {
  /** The next revision of its worker and its pages. */
  publish(): void;
}

const image =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="teal"/></svg>';

export async function startTides(): Promise<Tides> {
  const worker = await buildWorker();
  let revision = 1;
  const pages: Record<string, () => [type: string, body: string]> = {
    '/': () => pages['/index.html']!(),
    '/index.html': () => [
      'text/html; charset=utf-8',
      `<!doctype html><html lang=en><title>Tides</title><link rel=icon href=data:,><link rel=manifest href=/manifest.json><link rel=stylesheet href=/style.css><body><h1>Tides ${revision}</h1><p id=today></p><p id=state></p><img src=/wave.svg alt=wave><script src=/app.js></script>`,
    ],
    '/style.css': () => ['text/css', 'body { font-family: sans-serif; color: rgb(0, 64, 64) }'],
    '/app.js': () => ['text/javascript', app],
    '/service-worker.js': () => ['text/javascript', worker.replaceAll('TIDES_REVISION', `"${revision}"`)],
    '/tides/today.json': () => ['application/json', JSON.stringify({ high: `0${revision}:12` })],
    '/manifest.json': () => ['application/manifest+json', '{"name":"Tides","start_url":"/","display":"standalone"}'],
    '/wave.svg': () => ['image/svg+xml', image],
  };
  const site = await startSiteInProcess('tides.localhost', (request, response) => {
    const page = pages[new URL(request.url!, 'http://host').pathname]?.();
    response.writeHead(page ? 200 : 404, { 'content-type': page?.[0] ?? 'text/plain', 'cache-control': 'no-cache' });
    response.end(page?.[1] ?? 'missing');
  });
  return Object.assign(site, { publish: () => void revision++ });
}

const app = `
const show = (id, text) => { document.getElementById(id).textContent = text; };
fetch('/tides/today.json').then((r) => r.json()).then(({ high }) => show('today', 'High water at ' + high), () => show('today', 'unknown'));
navigator.serviceWorker.register('/service-worker.js').then(async (registration) => {
  await navigator.serviceWorker.ready;
  show('state', navigator.serviceWorker.controller ? 'works offline' : 'installed');
  const offer = (worker) => worker.addEventListener('statechange', () => {
    if (worker.state === 'installed' && navigator.serviceWorker.controller) show('state', 'update');
  });
  registration.addEventListener('updatefound', () => offer(registration.installing));
  if (registration.waiting) show('state', 'update');
  document.getElementById('state').onclick = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    registration.waiting.postMessage({ type: 'SKIP_WAITING' });
  };
});`;

async function buildWorker(): Promise<string> {
  const [output] = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: path.join(import.meta.dirname, 'tides/service-worker.ts'), formats: ['iife'], name: 'worker' },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  })) as Rolldown.RolldownOutput[];
  return output!.output[0].code;
}

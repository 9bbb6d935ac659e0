/**
 * @module
 * The site that the proxies open: a page whose script, style, redirect, POST, cookie, stream and WebSocket all have to come through the
 * transport. What it found stands in `#results` as JSON.
 */

/** What a browser finds there without a proxy. */
export const expectedResults = {
  style: 'rgb(1, 2, 3)',
  json: { hello: 'w\xf6rld' },
  post: 'POST 300000',
  redirected: 'at the end',
  status: 404,
  header: 'kept',
  cookie: true,
  image: 1,
  pieces: true,
  socket: ['hello', 'binary 3'],
};

const page = `<!doctype html><html><head><meta charset="utf-8"><title>A site</title>
<link rel="stylesheet" href="style.css"></head><body><h1 id="heading">A site</h1><img id="image" src="image.svg"><pre id="results"></pre>
<script src="script.js"></script></body></html>`;

const script = `(async () => {
  const results = {};
  const attempt = async (name, act) => { try { results[name] = await act(); } catch (error) { results[name] = String(error); } };
  if (document.readyState !== 'complete') await new Promise((resolve) => addEventListener('load', resolve));
  await attempt('style', () => getComputedStyle(document.getElementById('heading')).color);
  await attempt('json', async () => (await fetch('data.json')).json());
  await attempt('post', async () => (await fetch('echo', { method: 'POST', body: 'a'.repeat(300000) })).text());
  await attempt('redirected', async () => (await fetch('redirect')).text());
  await attempt('status', async () => (await fetch('missing')).status);
  await attempt('header', async () => (await fetch('data.json')).headers.get('x-own'));
  await attempt('cookie', async () => (await (await fetch('cookie')).text()).includes('visited=yes'));
  await attempt('image', () => document.getElementById('image').naturalWidth > 0 ? 1 : 0);
  await attempt('pieces', async () => {
    const reader = (await fetch('slow')).body.getReader();
    const times = [];
    for (;;) { const { done } = await reader.read(); if (done) break; times.push(performance.now()); }
    return times.length > 1 && times.at(-1) - times[0] > 100;
  });
  await attempt('socket', () => new Promise((resolve) => {
    const socket = new WebSocket(new URL('socket', location.href).href.replace(/^http/, 'ws'));
    socket.binaryType = 'arraybuffer';
    const seen = [];
    socket.onopen = () => { socket.send('hello'); socket.send(new Uint8Array([1, 2, 3])); };
    socket.onmessage = ({ data }) => {
      seen.push(typeof data === 'string' ? data : 'binary ' + data.byteLength);
      if (seen.length === 2) { socket.close(); resolve(seen); }
    };
    socket.onclose = () => resolve(seen);
    setTimeout(() => resolve(seen.concat('timeout')), 4000);
  }));
  document.getElementById('results').textContent = JSON.stringify(results);
})();`;

const image = '<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"><rect width="5" height="5"/></svg>';

/** @returns URL of the page */
export function serveSite(origin) {
  const { path } = origin.serve((request, response, seen) => {
    const name = new URL(request.url, 'http://site').pathname.split('/').at(-1);
    const send = (type, text, headers = {}) => response.writeHead(200, { 'Content-Type': type, ...headers }).end(text);
    const act = {
      '': () => send('text/html', page, { 'Set-Cookie': 'visited=yes; Path=/' }),
      'style.css': () => send('text/css', '#heading { color: rgb(1, 2, 3) }'),
      'script.js': () => send('text/javascript', script),
      'image.svg': () => send('image/svg+xml', image),
      'data.json': () => send('application/json', '{"hello":"w\xf6rld"}', { 'X-Own': 'kept' }),
      cookie: () => send('text/plain', request.headers.cookie ?? 'none'),
      redirect: () => response.writeHead(302, { Location: 'end' }).end(),
      end: () => send('text/plain', 'at the end'),
      echo: () => request.on('end', () => send('text/plain', `${request.method} ${seen.body.length}`)),
      slow: () => {
        response.writeHead(200, { 'Content-Type': 'text/plain' });
        response.write('one');
        setTimeout(() => response.end('two'), 250);
      },
    }[name];
    if (act) act();
    else response.writeHead(404).end();
  });
  origin.addSocket(path, (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })));
  return origin.url + path;
}

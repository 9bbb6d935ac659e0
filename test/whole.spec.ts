/** @module One page for each thing that the libraries do together, direct and proxied, with the same result. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Frame } from '@playwright/test';
import { sideBySide } from './support/side-by-side.js';
import { startSiteInProcess, type Site } from './support/site.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const html = (body: string): Answer => {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><html lang=en><title>Whole</title><link rel=icon href=data:,><body>${body}`);
  };
};

/** Answers with what the request was, in a form that both visitors must agree on. */
const mirror: Answer = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    const seen = ['origin', 'referer', 'cookie', 'content-type', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'];
    const told = Object.fromEntries(seen.map((name) => [name, normal(headers[name] as string | undefined)]));
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    const body = normal(Buffer.concat(chunks).toString('latin1'));
    response.end(
      `<!doctype html><link rel=icon href=data:,><pre id=seen>${escapeText(JSON.stringify({ method, url, ...told, body }, null, 1))}</pre>`,
    );
  });
};

/** The ports differ from run to run, and so does what separates the parts of a form. */
const normal = (text: string | undefined) =>
  text
    ?.replace(/\.test:\d+/g, '.test:PORT')
    .replace(/-{2,}[A-Za-z]*FormBoundary\w+/gi, '--BOUNDARY')
    .replace(/boundary=\S+/, 'boundary=B');
const escapeText = (text: string) => text.replace(/[&<]/g, (character) => (character === '&' ? '&amp;' : '&lt;'));

/** The smallest WebSocket server that can say who asked: it echoes text frames of under 126 bytes (RFC 6455). */
function echo(request: IncomingMessage, socket: Duplex): void {
  const key = request.headers['sec-websocket-key'] as string;
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const protocol = request.headers['sec-websocket-protocol']?.split(',')[0];
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n` +
      `${protocol ? `Sec-WebSocket-Protocol: ${protocol}\r\n` : ''}Set-Cookie: socket=opened; Path=/\r\n\r\n`,
  );
  const send = (text: string) => {
    const payload = Buffer.from(text);
    socket.write(Buffer.concat([Buffer.from([0x81, payload.length]), payload]));
  };
  send(`hello ${normal(request.headers.origin)} ${request.headers.cookie}`);
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    if ((data[0]! & 0x0f) === 8) return void socket.end(Buffer.from([0x88, 0]));
    const mask = data.subarray(2, 6);
    const payload = data.subarray(6).map((byte, index) => byte ^ mask[index % 4]!);
    send(`echo ${Buffer.from(payload).toString()}`);
  });
}

async function startWhole(answers: Record<string, Answer>): Promise<Site> {
  const listener: Answer = (request, response) => {
    const answer = answers[request.url!.split('?')[0]!];
    if (answer) return answer(request, response);
    response.writeHead(404).end();
  };
  return startSiteInProcess('whole.test', listener, echo);
}

/** Evaluates as a script of the page would: its text is rewritten as the page's own. */
const run = <T>(frame: Frame, source: string) => frame.evaluate((text) => (0, eval)(text) as T, source);

sideBySide('cookies are set, sent, hidden and kept as they are without a proxy', {
  site: () =>
    startWhole({
      '/': (request, response) => {
        response.setHeader('set-cookie', [
          'seen=1; Path=/',
          'secret=2; HttpOnly',
          'deep=3; Path=/deep',
          'gone=4; Max-Age=0',
        ]);
        html('<p id=o></p><script>document.cookie = "own=5; path=/"; o.textContent = document.cookie</script>')(
          request,
          response,
        );
      },
      '/deep/mirror': mirror,
      '/login': (_request, response) => {
        response.setHeader('set-cookie', 'token=fresh; Path=/').end('in');
      },
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    const first = await view.text('#o');
    const afterFetch = await run<string>(view.frame, `fetch('/login').then(() => document.cookie)`);
    await run(view.frame, `document.cookie = 'own=; max-age=0; path=/'`);
    const sent = await run<string>(view.frame, `fetch('/deep/mirror').then((answer) => answer.text())`);
    await view.reload();
    await view.frame.locator('#o').waitFor();
    await view.screenshot('cookies');
    return { first, afterFetch, sent, reloaded: await view.text('#o') };
  },
});

const formPage = html(`
  <form id=get action="/mirror?lost=1"><input name=q value="a b&c"></form>
  <form id=post action="/mirror" method=post><input name=ä value="ü"><button name=by value=button>Send</button></form>
  <form id=file action="/mirror" method=post enctype="multipart/form-data"><input type=file name=f></form>
  <a id=link href="sub/page?x#there">on</a> <a id=window target=_blank href="/mirror?new">new</a>`);

sideBySide('links and forms of each kind arrive at the site as they are', {
  site: () => startWhole({ '/forms/': formPage, '/mirror': mirror, '/forms/sub/page': mirror }),
  async steps(view, site) {
    const { frame, page } = view;
    const result: Record<string, unknown> = {};
    const note = async (name: string) => {
      await frame.locator('#seen').waitFor();
      result[name] = [JSON.parse(await frame.locator('#seen').innerText()), normal(await view.url())];
      await view.open(`${site.origin}/forms/`);
    };
    await view.open(`${site.origin}/forms/`);
    await frame.locator('#get input').press('Enter');
    await note('get');
    await frame.getByRole('button', { name: 'Send' }).click();
    await note('post');
    await frame
      .locator('#file input')
      .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('of paper') });
    await run(frame, `document.querySelector('#file').submit()`);
    await note('file');
    await frame.locator('#link').click();
    await note('link');
    const opened = page.context().waitForEvent('page');
    await frame.locator('#window').click();
    const popup = await opened;
    await popup.locator('#seen').waitFor();
    result.window = [
      JSON.parse(await popup.locator('#seen').innerText()),
      normal(await popup.evaluate(() => (0, eval)('location.href') as string)),
      await popup.evaluate(() => (0, eval)('opener') === null),
    ];
    await popup.close();
    await view.screenshot('forms');
    return result;
  },
});

sideBySide('redirects end where they end without a proxy, and say so', {
  site: () =>
    startWhole({
      '/': html('<p>Start</p>'),
      '/away': (_request, response) => {
        response.writeHead(302, { location: '/around?again' }).end();
      },
      '/around': (_request, response) => {
        response.writeHead(307, { location: 'end#part' }).end();
      },
      '/end': mirror,
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    await view.screenshot('start');
    const followed = await run<unknown[]>(
      view.frame,
      `fetch('/away', { method: 'POST', body: 'kept?' }).then(async (answer) => [answer.url, answer.redirected, answer.status, await answer.text()])`,
    );
    const manual = await run<unknown[]>(
      view.frame,
      `fetch('/away', { redirect: 'manual' }).then(({ type, status, url }) => [type, status, url])`,
    );
    const refused = await run<string>(view.frame, `fetch('/away', { redirect: 'error' }).catch((error) => error.name)`);
    await run(view.frame, `location.href = '/away'`);
    await view.frame.locator('#seen').waitFor();
    const seen = JSON.parse(await view.frame.locator('#seen').innerText());
    return JSON.parse(normal(JSON.stringify({ followed, manual, refused, seen, url: await view.url() }))!);
  },
});

sideBySide('frames, messages and workers know their own origin', {
  site: () =>
    startWhole({
      '/': html(`<iframe id=child src="/child" title=child></iframe><script>
        var got = [];
        onmessage = (event) => got.push([event.data, event.origin, event.source === child.contentWindow]);
      </script>`),
      '/child': html(`<script>
        parent.postMessage({ top: top === parent, self: self === top, here: location.pathname, by: document.referrer }, '*');
        parent.postMessage('for nobody', 'https://elsewhere.test');
        onmessage = (event) => event.source.postMessage('answer to ' + event.origin, event.origin);
      </script>`),
      '/worker.js': (_request, response) => {
        response.setHeader('content-type', 'text/javascript');
        response.end(`importScripts('sub/part.js');
          onmessage = async () => postMessage([location.href, origin, part, await (await fetch('mirror?by=worker')).text()]);`);
      },
      '/sub/part.js': (_request, response) => {
        response.setHeader('content-type', 'text/javascript').end('var part = "part of " + self.location.pathname;');
      },
      '/mirror': mirror,
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    await run(view.frame, `child.contentWindow.postMessage('ask', location.origin)`);
    await view.frame.waitForFunction(() => (0, eval)('got.length') === 2);
    const messages = await run<unknown>(view.frame, 'got');
    const worker = await run<unknown>(
      view.frame,
      `new Promise((resolve) => { const worker = new Worker('worker.js'); worker.onmessage = (event) => resolve(event.data); worker.postMessage(0) })`,
    );
    await view.screenshot('frame');
    return JSON.parse(normal(JSON.stringify({ messages, worker }))!);
  },
});

sideBySide('a WebSocket carries the cookies and the origin of its page, and closes as it should', {
  site: () =>
    startWhole({
      '/': (request, response) => {
        response.setHeader('set-cookie', ['page=1', 'hidden=2; HttpOnly']);
        html('<p>Socket</p>')(request, response);
      },
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    const events = await run<unknown>(
      view.frame,
      `new Promise((resolve) => {
        const log = [];
        const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket', ['one', 'two']);
        log.push(socket.readyState, socket.url, socket instanceof WebSocket);
        socket.onopen = () => { log.push('open', socket.protocol, document.cookie.includes('socket=opened')); socket.send('über'); };
        socket.onmessage = ({ data, origin }) => { log.push(data, origin); if (data.startsWith('echo')) socket.close(); };
        socket.onclose = ({ wasClean }) => { log.push('close', wasClean, socket.readyState); resolve(log); };
        socket.onerror = () => log.push('error');
      })`,
    );
    await view.screenshot('socket');
    return JSON.parse(normal(JSON.stringify({ events }))!);
  },
});

sideBySide('a page streams in, and what it stores is its own', {
  site: () =>
    startWhole({
      '/': (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        // Firefox looks at the first kilobyte of a document before it parses any of it.
        const padding = `<!-- ${'.'.repeat(2000)} -->`;
        response.write(
          `<!doctype html><title>Slow</title><link rel=icon href=data:,>${padding}<p id=early>Early</p><script>var early = performance.now()</script>`,
        );
        setTimeout(() => response.end('<p id=late>Late</p><script>var late = performance.now()</script>'), 900);
      },
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    await view.frame.locator('#late').waitFor();
    await view.screenshot('slow page');
    // The first part has run long before the second was sent.
    const isStreamed = await run<boolean>(view.frame, 'late - early > 500');
    const stored = await run<unknown>(
      view.frame,
      `(() => { localStorage.clear(); localStorage.a = 1; localStorage['b c'] = 2;
        return [localStorage.length, Object.keys(localStorage).sort(), JSON.parse(JSON.stringify(localStorage)), 'a' in localStorage, localStorage.getItem('x')] })()`,
    );
    return { isStreamed, stored };
  },
});

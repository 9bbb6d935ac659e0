/**
 * @module
 * Clients of a run of faults that speak HTTP/1.1, and WebSockets over it.
 */
import { once } from 'node:events';
import http from 'node:http';
import net, { type Socket } from 'node:net';
import { parseBareErrorBody } from '@culvert/bare-protocol';
import { WebSocket } from 'ws';
import { bareHeaders, pick, wait, type FaultClient, type Outcome, type Visit } from './visit.test-support.js';

function request({ port, remote }: Visit, options: http.RequestOptions = {}): http.ClientRequest {
  return http.request({ port, path: '/bare/v3/', agent: false, headers: bareHeaders(remote), ...options });
}

async function outcomeOf(sent: http.ClientRequest, each?: (chunk: Buffer) => void): Promise<Outcome> {
  try {
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
    sent.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      each?.(chunk as Buffer);
    }
    const body = Buffer.concat(chunks);
    if (response.statusCode === 200) return { kind: 'answer', body };
    const error = parseBareErrorBody(body.toString());
    return { kind: 'error', code: error?.code ?? `${response.statusCode}`, stack: error?.stack !== undefined };
  } catch {
    // A reset, ours or the server's.
    return { kind: 'closed' };
  } finally {
    sent.destroy();
  }
}

function reader(visit: Visit): Promise<Outcome> {
  return outcomeOf(request(visit).end());
}

export const http1Clients: readonly FaultClient[] = [
  { name: 'reader', isReader: true, run: reader },
  {
    name: 'leaver',
    async run(visit) {
      const sent = request(visit).end();
      const outcome = outcomeOf(sent);
      await wait(visit.random() * 20);
      sent.destroy();
      return outcome;
    },
  },
  {
    name: 'resetter in the body',
    run(visit) {
      const sent = request(visit).end();
      return outcomeOf(sent, () => sent.socket?.resetAndDestroy());
    },
  },
  {
    name: 'slow reader',
    async run(visit) {
      const sent = request(visit).end();
      let isFirst = true;
      return outcomeOf(sent, () => {
        if (!isFirst || sent.socket === null) return;
        isFirst = false;
        sent.socket.pause();
        setTimeout(() => sent.socket?.resume(), 20);
      });
    },
  },
  {
    name: 'uploader',
    run(visit) {
      const sent = request(visit, { method: pick(visit.random, ['POST', 'PUT', 'DELETE', 'PATCH']) });
      return outcomeOf(sent.end(Buffer.alloc(Math.floor(visit.random() * 300_000))));
    },
  },
  {
    name: 'uploader of too much',
    run(visit) {
      const sent = request(visit, { method: 'POST' });
      const outcome = outcomeOf(sent);
      for (let index = 0; index < 3; index++) sent.write(Buffer.alloc(800_000));
      sent.end();
      return outcome;
    },
  },
  {
    name: 'uploader that stalls or resets',
    async run(visit) {
      const isChunked = visit.random() < 0.5;
      const headers = { ...bareHeaders(visit.remote), ...(!isChunked && { 'Content-Length': '100000' }) };
      const sent = request(visit, { method: 'POST', headers });
      const outcome = outcomeOf(sent);
      sent.write(Buffer.alloc(5_000));
      if (visit.random() < 0.5) {
        await wait(visit.random() * 20);
        sent.socket?.resetAndDestroy();
      }
      return outcome;
    },
  },
  {
    name: 'writer of nonsense',
    run: (visit) => sendRaw(visit, pick(visit.random, nonsense).replace('REMOTE', visit.remote)),
  },
  {
    name: 'writer of half a request',
    async run(visit) {
      const whole = `GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://${visit.remote}\r\nX-Bare-Headers: {}\r\n\r\n`;
      return sendRaw(visit, whole.slice(0, 1 + Math.floor(visit.random() * (whole.length - 2))));
    },
  },
  { name: 'v3 WebSocket', run: (visit) => openSocket(visit, true) },
  { name: 'v3 WebSocket without words', run: (visit) => openSocket(visit, false) },
  {
    name: 'v1 WebSocket',
    run: (visit) =>
      sendRaw(
        visit,
        'GET /bare/v1/ HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
          `Sec-WebSocket-Protocol: bare, ${v1Request(visit.remote)}\r\n\r\n`,
      ),
  },
];

const nonsense: readonly string[] = [
  'CHICKEN / HTTP/1.1\r\n\r\n',
  'TRACE /bare/v3/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://REMOTE\r\nX-Bare-Headers: {"a":null}\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://REMOTE\r\nX-Bare-Headers: {"__proto__":{"a":1}}\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: \x00\r\nX-Bare-Headers: {}\r\n\r\n',
  'GET /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: gopher://a/\r\nX-Bare-Headers: 1\r\n\r\n',
  'POST /bare/v3/ HTTP/1.1\r\nHost: a\r\nX-Bare-URL: http://REMOTE\r\nX-Bare-Headers: {}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'POST /bare/v3/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00',
  'GET /bare/v2/ws-meta HTTP/1.1\r\nHost: a\r\nX-Bare-ID: ../../etc\r\n\r\n',
];

function v1Request(remote: string): string {
  const [host, rest = ''] = remote.split(':');
  const slash = rest.indexOf('/');
  const request = {
    remote: { host, port: rest.slice(0, slash), path: rest.slice(slash), protocol: 'ws:' },
    headers: {},
    forward_headers: [],
  };
  return encodeURIComponent(JSON.stringify(request));
}

/** Sends bytes as they are; leaves at some moment if the server has not ended the connection by then. */
async function sendRaw({ port, random }: Visit, bytes: string): Promise<Outcome> {
  const socket = net.connect(port);
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(Buffer.from(bytes, 'latin1'));
  if (random() < 0.7) {
    setTimeout(() => (random() < 0.5 ? socket.resetAndDestroy() : socket.end()), random() * 60);
  } else {
    // An answer over a connection that is kept alive is an end, too.
    socket.once('data', () => socket.end());
  }
  await closing(socket);
  return { kind: 'closed' };
}

async function openSocket({ port, remote, random }: Visit, isTalking: boolean): Promise<Outcome> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/bare/v3/`);
  socket.on('error', () => undefined);
  if (isTalking) {
    socket.once('open', () => {
      socket.send(
        JSON.stringify({ type: 'connect', remote: `ws://${remote}`, protocols: [], headers: {}, forwardHeaders: [] }),
      );
      socket.send('early');
    });
  }
  if (random() < 0.5) setTimeout(() => socket.terminate(), random() * 60);
  await closing(socket);
  return { kind: 'closed' };
}

/** `once` would take an error for the end. */
function closing(socket: Socket | WebSocket): Promise<void> {
  return new Promise((resolve) => void (socket as Socket).once('close', () => resolve()));
}

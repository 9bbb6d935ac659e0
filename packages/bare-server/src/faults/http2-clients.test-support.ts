/**
 * @module
 * Clients of a run of faults that speak HTTP/2, in the clear and over TLS, and WebSockets over it. Each has a connection of its own, so
 * that it can break it at any point.
 */
import http2, { type ClientHttp2Session, type ClientHttp2Stream, type OutgoingHttpHeaders } from 'node:http2';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { parseBareErrorBody } from '@culvert/bare-protocol';
import { certificateAuthority } from '../../../../test/support/certificates/secure-test.js';
import { frame, requestBlock } from '../port/http2-frames.test-support.js';
import { http2Preface } from '../port/sniff-protocol.js';
import { bareHeaders, pick, wait, type FaultClient, type Outcome, type Visit } from './visit.test-support.js';

const goingAway = 0x7;
/** FIN and the opcode 8, RFC 6455 section 5.2. */
const closeFrame = 0x88;

/** The TCP connection, and what is spoken over: the same, or TLS over it. */
function open({ onePort, random }: Visit): { socket: Socket; stream: Socket } {
  const socket = net.connect(onePort, '127.0.0.1');
  socket.on('error', ignore);
  if (random() < 0.5) return { socket, stream: socket };
  const stream = tls.connect({ socket, ALPNProtocols: ['h2'], servername: 'secure.test', ca: certificateAuthority });
  stream.on('error', ignore);
  return { socket, stream };
}

interface Asked {
  visit: Visit;
  socket: Socket;
  session: ClientHttp2Session;
  sent: ClientHttp2Stream;
}

/** Asks once, lets `act` misbehave, and says how it ended. */
async function ask(
  visit: Visit,
  headers: OutgoingHttpHeaders,
  act: (asked: Asked) => Promise<void> | void,
): Promise<Outcome> {
  const { socket, stream } = open(visit);
  const session = http2.connect('http://secure.test', { createConnection: () => stream });
  session.on('error', ignore);
  const method = headers[':method'] ?? 'GET';
  const sent = session.request(
    { ':path': '/bare/v3/', ...lowerCase(bareHeaders(visit.remote)), ...headers },
    { endStream: method === 'GET' },
  );
  const outcome = outcomeOf(sent);
  await act({ visit, socket, session, sent });
  const how = await outcome;
  session.close();
  // A session whose connection the server does not end is left by us, as browsers do.
  socket.destroySoon();
  return how;
}

function outcomeOf(sent: ClientHttp2Stream): Promise<Outcome> {
  let status = 0;
  let hasEnded = false;
  const chunks: Buffer[] = [];
  sent.on('error', ignore);
  sent.on('response', (headers) => (status = headers[':status'] ?? 0));
  sent.on('data', (chunk: Buffer) => chunks.push(chunk));
  sent.on('end', () => (hasEnded = true));
  return new Promise((resolve) => {
    sent.on('close', () => {
      const body = Buffer.concat(chunks);
      if (!hasEnded || sent.rstCode !== 0 || status === 0) return resolve({ kind: 'closed' });
      if (status === 200) return resolve({ kind: 'answer', body });
      const error = parseBareErrorBody(body.toString());
      resolve({ kind: 'error', code: error?.code ?? `${status}`, stack: error?.stack !== undefined });
    });
  });
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function ignore(): void {
  // How it ended is seen from the stream.
}

const post = { ':method': 'POST' };

export const http2Clients: readonly FaultClient[] = [
  { name: 'HTTP/2 reader', isReader: true, run: (visit) => ask(visit, {}, ignore) },
  {
    name: 'HTTP/2 leaver',
    run: (visit) =>
      ask(visit, {}, async ({ sent }) => {
        await wait(visit.random() * 20);
        sent.close(http2.constants.NGHTTP2_CANCEL);
      }),
  },
  {
    name: 'HTTP/2 resetter in the body',
    run: (visit) => ask(visit, {}, ({ sent, socket }) => void sent.on('data', () => socket.resetAndDestroy())),
  },
  {
    name: 'HTTP/2 slow reader',
    run: (visit) =>
      ask(visit, {}, ({ sent }) => {
        sent.once('data', () => {
          sent.pause();
          setTimeout(() => sent.resume(), 20);
        });
      }),
  },
  {
    name: 'HTTP/2 uploader',
    run: (visit) =>
      ask(visit, { ':method': pick(visit.random, ['POST', 'PUT', 'DELETE', 'PATCH']) }, ({ sent }) => {
        sent.end(Buffer.alloc(Math.floor(visit.random() * 300_000)));
      }),
  },
  {
    name: 'HTTP/2 uploader of too much',
    run: (visit) => ask(visit, post, ({ sent }) => void sent.end(Buffer.alloc(2_400_000))),
  },
  {
    name: 'HTTP/2 uploader that stalls, cancels or resets',
    run: (visit) =>
      ask(visit, post, async ({ sent, socket }) => {
        sent.write(Buffer.alloc(5_000));
        const way = visit.random();
        if (way < 0.33) return;
        await wait(visit.random() * 20);
        if (way < 0.66) sent.close(http2.constants.NGHTTP2_CANCEL);
        else socket.resetAndDestroy();
      }),
  },
  {
    name: 'HTTP/2 client that ends its session in between',
    run: (visit) =>
      ask(visit, {}, async ({ session }) => {
        await wait(visit.random() * 20);
        session.destroy(undefined, pick(visit.random, [0, 2, 11]));
      }),
  },
  { name: 'writer of broken frames', run: (visit) => sendFrames(visit, pick(visit.random, brokenFrames)) },
  {
    name: 'writer of half a connection of HTTP/2',
    run(visit) {
      const whole = Buffer.concat([http2Preface, settings, get(1), frame(0x0, 0, 1, Buffer.alloc(50)), get(3)]);
      return sendFrames(visit, whole.subarray(0, 1 + Math.floor(visit.random() * (whole.length - 2))), false);
    },
  },
  { name: 'v3 WebSocket over HTTP/2', run: (visit) => openSocket(visit, true) },
  { name: 'v3 WebSocket over HTTP/2 without words', run: (visit) => openSocket(visit, false) },
];

const settings = frame(0x4, 0, 0);
const get = (stream: number): Buffer => frame(0x1, 0x5, stream, requestBlock);
const brokenFrames: readonly Buffer[] = [
  frame(0x6, 0, 0, Buffer.alloc(3)),
  frame(0x6, 0x1, 0, Buffer.alloc(8)),
  frame(0x0, 0, 0, Buffer.alloc(3)),
  frame(0x0, 0, 1, Buffer.alloc(3)),
  frame(0x4, 0, 0, Buffer.alloc(5)),
  frame(0x1, 0x5, 5, Buffer.alloc(6, 0xff)),
  frame(0x8, 0, 0, Buffer.alloc(4)),
  frame(0x8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
  frame(goingAway, 0, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, 2])),
  frame(0x5, 0x4, 1, requestBlock),
  frame(0x9, 0x4, 1, requestBlock),
  frame(0x77, 0xff, 9, Buffer.alloc(100)),
  get(2),
  Buffer.concat([get(5), get(3)]),
  Buffer.alloc(300, 0xff),
];

/** After a request and its frames the client waits for the end, or leaves at some moment. */
async function sendFrames(visit: Visit, bytes: Buffer, withRequest = true): Promise<Outcome> {
  const { socket, stream } = open(visit);
  stream.resume();
  stream.write(withRequest ? Buffer.concat([http2Preface, settings, get(1), bytes]) : bytes);
  const timer = setTimeout(() => {
    if (visit.random() < 0.5) socket.resetAndDestroy();
    else if (visit.random() < 0.5) stream.end();
    // The rest stays, and says nothing more: the server's time runs out.
  }, visit.random() * 60);
  await closing(socket);
  clearTimeout(timer);
  return { kind: 'closed' };
}

/** RFC 8441, with frames of RFC 6455 by hand: nothing of an answer has to be read. */
async function openSocket(visit: Visit, isTalking: boolean): Promise<Outcome> {
  const { socket, stream } = open(visit);
  const session = http2.connect('http://secure.test', { createConnection: () => stream });
  session.on('error', ignore);
  session.on('remoteSettings', () => {
    const sent = session.request({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':path': '/bare/v3/',
      'sec-websocket-version': '13',
    });
    sent.on('error', ignore);
    sent.on('close', () => socket.destroySoon());
    // A Close of the server's is answered with the end of the stream.
    sent.on('data', (chunk: Buffer) => chunk[0] === closeFrame && sent.close());
    if (!isTalking) return;
    const remote = `ws://${visit.remote}`;
    sent.write(textFrame(JSON.stringify({ type: 'connect', remote, protocols: [], headers: {}, forwardHeaders: [] })));
    sent.write(textFrame('early'));
  });
  if (visit.random() < 0.5) setTimeout(() => socket.destroy(), visit.random() * 60);
  await closing(socket);
  return { kind: 'closed' };
}

/** Masked with zeros, RFC 6455 section 5.2; 126 to 65535 bytes, or fewer than 126. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const length = payload.length < 126 ? [0x80 | payload.length] : [0xfe, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload]);
}

function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

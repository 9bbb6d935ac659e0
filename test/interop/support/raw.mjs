/**
 * @module
 * A client that is none: requests to a Bare server byte by byte, so that what is malformed stays so.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { WebSocket } from 'ws';
import { pairs } from './origin.mjs';

/** @returns what came back until the server closed or fell silent, as latin-1 */
export async function sendBytes(port, bytes, { silence = 700, patience = silence + 1500 } = {}) {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(Buffer.from(bytes, 'latin1'));
  let text = '';
  await new Promise((resolve) => {
    let timer = setTimeout(resolve, patience);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(resolve, silence);
    });
    socket.on('close', resolve);
  });
  socket.destroy();
  return text;
}

/** One request with these headers, as pairs. */
export async function exchange(url, { method = 'GET', headers = [], body = null, timeout = 5000 } = {}) {
  const { hostname, port, pathname, search } = new URL(url);
  const request = httpRequest({
    host: hostname,
    port,
    method,
    path: pathname + search,
    agent: false,
    headers: [['Host', `${hostname}:${port}`], ...headers].flat(),
    maxHeaderSize: 512 * 1024,
  });
  const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeout);
  request.end(body);
  try {
    const [response] = await once(request, 'response');
    const chunks = [];
    let isCut = false;
    try {
      for await (const chunk of response) chunks.push(chunk);
    } catch {
      isCut = true;
    }
    const bytes = Buffer.concat(chunks);
    return {
      status: response.statusCode,
      headers: response.headers,
      pairs: pairs(response.rawHeaders),
      bytes,
      text: bytes.toString(),
      isCut,
    };
  } catch (error) {
    return { error: error.code ?? error.message };
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}

/** The headers of a request for `remote` in a version of the protocol. `headers` is the JSON object, or its text. */
export function bareHeaders(version, remote, headers = {}) {
  const url = new URL(remote);
  const json = typeof headers === 'string' ? headers : JSON.stringify({ Host: url.host, ...headers });
  if (version === 'v3')
    return [
      ['X-Bare-URL', remote],
      ['X-Bare-Headers', json],
    ];
  return [
    ['X-Bare-Host', url.hostname],
    ['X-Bare-Port', url.port || (url.protocol === 'https:' ? '443' : '80')],
    ['X-Bare-Protocol', url.protocol],
    ['X-Bare-Path', url.pathname + url.search],
    ['X-Bare-Headers', json],
    // Required by v1 alone, where it is JSON.
    ...(version === 'v1' ? [['X-Bare-Forward-Headers', '[]']] : []),
  ];
}

/**
 * A WebSocket whose events are collected.
 *
 * @returns `{ socket, events, closed }`
 */
export function openSocket(url, protocols = [], options = {}) {
  const socket = new WebSocket(url, protocols, options);
  const events = [];
  socket.on('open', () => events.push({ type: 'open', protocol: socket.protocol }));
  socket.on('message', (data, isBinary) =>
    events.push({ type: 'message', isBinary, text: data.toString('latin1').slice(0, 300), length: data.length }),
  );
  socket.on('error', (error) => events.push({ type: 'error', message: error.message }));
  socket.on('unexpected-response', (_request, response) =>
    events.push({ type: 'refused', status: response.statusCode }),
  );
  const closed = new Promise((resolve) =>
    socket.on('close', (code, reason) => {
      events.push({ type: 'close', code, reason: reason.toString() });
      resolve();
    }),
  );
  return { socket, events, closed };
}

export const delay = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until it holds, and says whether it ever did. */
export async function eventually(holds, milliseconds = 2000) {
  const end = Date.now() + milliseconds;
  while (!holds()) {
    if (Date.now() > end) return false;
    await delay(10);
  }
  return true;
}

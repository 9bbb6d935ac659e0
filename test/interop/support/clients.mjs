/**
 * @module
 * The clients of the matrix behind one interface, in Node and in a page alike: a fetch or a WebSocket is described by plain data and
 * gives plain data, so that the same case runs in both. `native` goes to the remote directly: it is what the others are held against.
 */

/**
 * @param modules `ours`, `client-2.1.0`, `client-1.1.1` and `bare-as-module3`: the modules as imported; `WebSocket` where the realm
 *   has none
 */
export function createClients(modules, WebSocketClass = globalThis.WebSocket) {
  const kinds = {
    native: () => ({
      fetch: async (url, init) => withoutRaw(await fetch(url, init)),
      socket: (url, protocols) => new WebSocketClass(url, protocols),
    }),
    ours: (server, options) => {
      const client = new modules.ours.BareClient(server, { WebSocket: WebSocketClass, ...options });
      return {
        manifest: () => client.fetchManifest(),
        fetch: async (url, init) => ({ response: await client.fetch(url, init) }),
        socket: (url, protocols, headers, setCookies) =>
          client.createWebSocket(url, protocols, { headers, setCookies }),
      };
    },
    'client-2.1.0': async (server) => {
      const client = await modules['client-2.1.0'].createBareClient(server);
      return {
        manifest: () => client.manifest,
        fetch: async (url, init) => ({ response: await client.fetch(url, init) }),
        socket: (url, protocols, headers, setCookiesCallback) =>
          client.createWebSocket(url, protocols, { headers, setCookiesCallback }),
      };
    },
    'client-1.1.1': async (server) => {
      const client = await modules['client-1.1.1'].createBareClient(server);
      return {
        manifest: () => client.data ?? client.manifest,
        fetch: async (url, init) => ({ response: await client.fetch(url, init) }),
        socket: async (url, protocols, headers, setCookies) => {
          const socket = await client.createWebSocket(url, headers, protocols);
          // The headers of the handshake come later, from a request of their own.
          socket.afterwards = socket.meta?.then(
            ({ headers, rawHeaders = headers }) =>
              setCookies(toPairs(rawHeaders).flatMap(([name, value]) => (/^set-cookie$/i.test(name) ? [value] : []))),
            () => undefined,
          );
          return socket;
        },
      };
    },
    'bare-as-module3': async (server) => {
      const transport = new modules['bare-as-module3'].default(server);
      await transport.init();
      return {
        fetch: async (url, init) => {
          const headers = Object.fromEntries(
            Array.isArray(init.headers) ? init.headers : Object.entries(init.headers ?? {}),
          );
          const answer = await transport.request(
            new URL(url),
            init.method ?? 'GET',
            init.body ?? null,
            headers,
            init.signal,
          );
          const { status, statusText } = answer;
          const body = [101, 204, 205, 304].includes(status) ? null : answer.body;
          const response = new Response(body, { status: status >= 200 && status < 600 ? status : 200, statusText });
          return { response, status, rawHeaders: answer.headers };
        },
        connect: (...parameters) => transport.connect(...parameters),
      };
    },
  };

  const cached = new Map();
  const get = (kind, server, options = {}) => {
    const key = JSON.stringify([kind, server, options]);
    if (!cached.has(key)) {
      const client = Promise.resolve(kinds[kind](server, options));
      // One that could not be made (no manifest) is made anew.
      client.catch(() => cached.delete(key));
      cached.set(key, client);
    }
    return cached.get(key);
  };

  return {
    /** Errors that a client left unhandled, which a case may have to do with. */
    async manifest(kind, server, options) {
      return (await get(kind, server, options)).manifest();
    },
    fetch: (kind, server, request) => runFetch(() => get(kind, server, request.options), request),
    socket: (kind, server, request) => runSocket(() => get(kind, server, request.options), request),
  };
}

function withoutRaw(response) {
  return { response, rawHeaders: [...response.headers] };
}

/**
 * @param request `{ url, method, headers, body, redirect, cache, duplex, abort: 'before' | 'body' | 'never' | ms, read: bytes |
 *   false, hold: ms to read nothing after the first chunk }`
 * @returns what a caller can see, or `{ error }`
 */
async function runFetch(getClient, request) {
  const { url, body, abort = 'never', read = Infinity, hold } = request;
  const controller = new AbortController();
  const init = { signal: controller.signal };
  for (const name of ['method', 'headers', 'redirect', 'cache', 'duplex']) {
    if (request[name] !== undefined) init[name] = request[name];
  }
  const start = performance.now();
  let result = {};
  try {
    if (body) init.body = makeBody(body);
    const client = await getClient();
    if (abort === 'before') controller.abort();
    if (typeof abort === 'number') setTimeout(() => controller.abort(), abort);
    const target = request.isRequest ? new Request(url, init) : url;
    const { response, status, rawHeaders } = await client.fetch(target, request.isRequest ? {} : init);
    result = {
      status: status ?? response.status,
      statusText: response.statusText,
      ok: response.ok,
      url: response.url,
      redirected: response.redirected,
      type: response.type,
      hasBody: response.body !== null,
      headers: Object.fromEntries(response.headers),
      rawHeaders: toPairs(rawHeaders ?? response.rawHeaders ?? {}),
      headAt: performance.now() - start,
    };
    if (hold) {
      const reader = response.body.getReader();
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, hold));
      await reader.cancel();
    } else if (read !== false)
      Object.assign(result, await readBody(response, read, start, () => abort === 'body' && controller.abort()));
    else await response.body?.cancel();
  } catch (error) {
    result.error = describeError(error);
  }
  result.endAt = performance.now() - start;
  return result;
}

async function readBody(response, limit, start, onFirstChunk) {
  const chunks = [];
  const arrivals = [];
  let length = 0;
  const result = {};
  if (response.body !== null) {
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        if (length === 0) onFirstChunk();
        arrivals.push(performance.now() - start);
        length += value.length;
        if (length <= 1 << 20) chunks.push(value);
        if (length >= limit) {
          await reader.cancel();
          break;
        }
      }
    } catch (error) {
      result.error = describeError(error);
    }
  }
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { ...result, text: new TextDecoder().decode(bytes), latin1: latin1(bytes), length, arrivals };
}

/** `{ text } | { latin1 } | { length } | { stream: texts, every: ms } | { form } | { params } | { blob, type }` */
function makeBody(body) {
  if (body.text !== undefined) return body.text;
  if (body.latin1 !== undefined) return Uint8Array.from(body.latin1, (character) => character.charCodeAt(0));
  if (body.length !== undefined) return new Uint8Array(body.length).fill(0x61);
  if (body.params) return new URLSearchParams(body.params);
  if (body.blob !== undefined) return new Blob([body.blob], { type: body.type });
  if (body.form) {
    const form = new FormData();
    for (const [name, value] of Object.entries(body.form)) form.append(name, value);
    return form;
  }
  const encoder = new TextEncoder();
  const texts = [...body.stream];
  return new ReadableStream({
    async pull(controller) {
      if (body.every) await new Promise((resolve) => setTimeout(resolve, body.every));
      if (texts.length === 0) controller.close();
      else controller.enqueue(encoder.encode(texts.shift()));
    },
  });
}

/**
 * @param request `{ url, protocols, headers, send: messages at open, until: number of messages, close: { code, reason } | null,
 *   binaryType, timeout, steps }`; after `until` messages the socket is closed, unless `close` is null
 * @returns `{ events, atStart, atOpen, setCookies }`
 */
async function runSocket(getClient, request) {
  const { url, protocols = [], headers = {}, send = [], until = Infinity, close = {}, timeout = 4000 } = request;
  const result = { events: [], setCookies: null, atStart: null, atOpen: null };
  const { events } = result;
  const start = performance.now();
  let received = 0;
  let finish;
  const finished = new Promise((resolve) => (finish = resolve));
  const timer = setTimeout(() => {
    events.push({ type: 'timeout' });
    finish();
  }, timeout);

  const take = (data, closeSocket) => {
    events.push({ type: 'message', ...describeData(data) });
    if (++received >= until && close) closeSocket(close.code, close.reason);
  };
  try {
    const client = await getClient();
    if (client.connect) {
      // A transport: functions instead of an object.
      let isOpen = false;
      const [sendMessage, closeSocket] = client.connect(
        new URL(url),
        protocols,
        headers,
        (protocol) => {
          isOpen = true;
          events.push({ type: 'open', protocol });
          for (const message of send) sendMessage(makeMessage(message));
          if (until === 0 && close) closeSocket(close.code, close.reason);
        },
        (data) => take(data, closeSocket),
        (code, reason) => {
          events.push({ type: 'close', code, reason, isAfterOpen: isOpen });
          finish();
        },
        () => events.push({ type: 'error' }),
      );
      await finished;
    } else {
      const socket = await client.socket(url, protocols, headers, (lines) => (result.setCookies = lines));
      if (request.binaryType) socket.binaryType = request.binaryType;
      result.atStart = describeSocket(socket);
      if (request.shape) result.shape = describeShape(socket);
      result.sendAtStart = attempt(() => socket.send('too early'));
      const closeSocket = (code, reason) => (code === undefined ? socket.close() : socket.close(code, reason));
      socket.addEventListener('open', (event) => {
        events.push({ type: 'open', protocol: socket.protocol });
        result.atOpen = describeSocket(socket);
        result.openTarget = event.target === socket;
        if (request.badClose)
          result.badClose = request.badClose.map((parameters) => attempt(() => socket.close(...parameters)));
        for (const message of send) socket.send(makeMessage(message));
        if (until === 0 && close) closeSocket(close.code, close.reason);
      });
      socket.addEventListener('message', (event) => {
        result.messageOrigin ??= event.origin;
        take(event.data, closeSocket);
      });
      socket.addEventListener('error', () => events.push({ type: 'error', readyState: socket.readyState }));
      socket.addEventListener('close', ({ code, reason, wasClean }) => {
        events.push({ type: 'close', code, reason, wasClean, readyState: socket.readyState });
        result.sendAtEnd = attempt(() => socket.send('too late'));
        result.bufferedAtEnd = socket.bufferedAmount;
        result.closeAtEnd = attempt(() => socket.close());
        finish();
      });
      if (request.closeAtStart) closeSocket(close?.code, close?.reason);
      await finished;
      await socket.afterwards;
      if (socket.readyState < 2) socket.close();
    }
  } catch (error) {
    result.error = describeError(error);
  }
  clearTimeout(timer);
  // Blobs are read at the end, so that reading does not change the order of events.
  for (const event of events) {
    if (event.blob)
      Object.assign(event, describeData(await event.blob.arrayBuffer()), { kind: 'blob', blob: undefined });
  }
  result.endAt = performance.now() - start;
  return result;
}

function attempt(action) {
  try {
    action();
    return 'done';
  } catch (error) {
    return describeError(error).name;
  }
}

/** What a page could tell an imitation by. */
function describeShape(socket) {
  const prototype = Object.getPrototypeOf(socket);
  const names = (object) => Reflect.ownKeys(object).map(String).sort();
  return {
    tag: Object.prototype.toString.call(socket),
    text: String(socket),
    isInstance: socket instanceof WebSocket,
    constructor: socket.constructor.name,
    parameters: socket.constructor.length,
    constants: ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'].map((name) => [socket[name], socket.constructor[name]]),
    own: names(socket),
    prototype: names(prototype),
    send: `${prototype.send}`,
    handlers: ['onopen', 'onmessage', 'onerror', 'onclose'].map((name) => socket[name]),
    handlerSet: attempt(() => (socket.onopen = 'no function')) === 'done' && socket.onopen,
    wrongBinaryType: [attempt(() => (socket.binaryType = 'text')), socket.binaryType],
  };
}

function describeSocket(socket) {
  const { readyState, protocol, url, extensions, binaryType, bufferedAmount } = socket;
  return { readyState, protocol, url, extensions, binaryType, bufferedAmount };
}

function makeMessage(message) {
  if (message.text !== undefined) return message.text;
  if (message.textLength !== undefined) return 'a'.repeat(message.textLength);
  if (message.latin1 !== undefined)
    return Uint8Array.from(message.latin1, (character) => character.charCodeAt(0)).buffer;
  return new Uint8Array(message.length).fill(0x61).buffer;
}

function describeData(data) {
  if (typeof data === 'string') return { kind: 'text', length: data.length, text: data.slice(0, 200) };
  if (typeof Blob !== 'undefined' && data instanceof Blob) return { kind: 'blob', blob: data };
  const bytes =
    data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { kind: 'binary', length: bytes.length, text: latin1(bytes.subarray(0, 200)) };
}

function describeError(error) {
  const { name, message, code, status, id, body } = error ?? {};
  const isNative = error instanceof DOMException;
  return {
    name: name ?? typeof error,
    message: String(message ?? error),
    code: body?.code ?? (isNative ? undefined : code),
    id: body?.id ?? id,
    status,
    constructor: error?.constructor?.name,
    cause: error?.cause ? String(error.cause.code ?? error.cause.message ?? error.cause) : undefined,
  };
}

function toPairs(headers) {
  if (Array.isArray(headers)) return headers;
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((item) => [name, item]));
}

function latin1(bytes) {
  let text = '';
  for (let index = 0; index < bytes.length && index < 4096; index++) text += String.fromCharCode(bytes[index]);
  return text;
}

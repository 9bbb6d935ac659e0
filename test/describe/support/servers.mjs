/**
 * @module
 * An HTTP/2 server that shows all that Node's can send: push, trailers, long headers, ALTSVC, ORIGIN, resets, WebSockets.
 */
import { createHash } from 'node:crypto';
import http2 from 'node:http2';
import { certificate, privateKey } from '../../support/certificates/secure-test.ts';

export async function startHttp2Server({ isSecure = false, ...options } = {}) {
  const settings = { enableConnectProtocol: true, maxHeaderListSize: 1 << 20, maxConcurrentStreams: 200 };
  const server = isSecure
    ? http2.createSecureServer({ key: privateKey, cert: certificate, settings, ...options })
    : http2.createServer({ settings });
  const sessions = new Set();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    // Clients end as they like.
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.destroy());
    answer(stream, headers, isSecure);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    close: () => {
      for (const session of sessions) session.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(stream, headers, isSecure) {
  const path = headers[':path'];
  if (headers[':protocol'] === 'websocket') return acceptWebSocket(stream);
  switch (path) {
    case '/push': {
      if (stream.pushAllowed) {
        stream.pushStream({ ':path': '/pushed', 'x-pushed': 'yes' }, (error, pushed) => {
          if (error) return;
          pushed.on('error', () => pushed.destroy());
          pushed.respond({ ':status': 200 });
          pushed.end('pushed');
        });
      }
      stream.respond({ ':status': 200 });
      return stream.end('with a push');
    }
    case '/trailers':
      stream.respond({ ':status': 200, 'x-empty': '' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'grüße', 'x-second': '2' }));
      return stream.end('body');
    case '/long-headers':
      stream.respond({ ':status': 200, 'x-long': 'y'.repeat(40_000), 'set-cookie': ['a=1', 'b=2'] });
      return stream.end();
    case '/alternatives':
      stream.session.altsvc('h2=":8000"; ma=60', 'https://example.test');
      stream.session.altsvc('h2=":8001"', stream.id);
      if (isSecure) stream.session.origin('https://example.test', 'https://other.example.test');
      stream.session.ping(Buffer.from('12345678'), () => {});
      stream.respond({ ':status': 200 });
      return stream.end('elsewhere');
    case '/reset':
      stream.respond({ ':status': 200 });
      stream.write('part');
      return setImmediate(() => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
    case '/goaway':
      stream.respond({ ':status': 200 });
      stream.end('bye');
      return stream.on('close', () =>
        stream.session?.goaway(http2.constants.NGHTTP2_NO_ERROR, stream.id, Buffer.from('debug')),
      );
    case '/large':
      stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' });
      return stream.end(Buffer.alloc(300_000, 'large body '));
    case '/page':
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      return stream.end(page);
    default:
      stream.respond({
        ':status': path === '/missing' ? 404 : 200,
        'content-type': 'text/plain',
        'x-path': String(path),
      });
      return headers[':method'] === 'GET' ? stream.end('small') : stream.pipe(stream);
  }
}

/** Loads something, posts something, talks over a WebSocket, and tells in its title when it is done. */
const page = `<!doctype html><title>loading</title><script type="module">
const socket = new WebSocket('wss://' + location.host + '/socket');
await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = () => reject(new Error('socket')); });
const echoed = new Promise((resolve) => (socket.onmessage = ({ data }) => resolve(data)));
socket.send('hello over HTTP/2');
const bodies = await Promise.all([
  fetch('/large').then((response) => response.text()),
  fetch('/small?x=1').then((response) => response.text()),
  fetch('/post', { method: 'POST', body: 'z'.repeat(50_000) }).then((response) => response.text()),
]);
const text = await echoed;
socket.close(1000, 'done');
await new Promise((resolve) => (socket.onclose = resolve));
document.title = 'done ' + bodies.map((body) => body.length).join(' ') + ' ' + text;
</script>`;

/** Answers a client's frames with the same, unmasked; of short ones only, which are all that the page sends. */
function acceptWebSocket(stream) {
  stream.respond({ ':status': 200, 'x-accept': createHash('sha1').update('accepted').digest('hex') });
  let bytes = Buffer.alloc(0);
  stream.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    while (bytes.length >= 6 && bytes.length >= 6 + (bytes[1] & 0x7f)) {
      const length = bytes[1] & 0x7f;
      const payload = Buffer.from(bytes.subarray(6, 6 + length)).map((byte, at) => byte ^ bytes[2 + (at % 4)]);
      stream.write(Buffer.concat([Buffer.from([bytes[0], length]), payload]));
      if ((bytes[0] & 0x0f) === 8) stream.end();
      bytes = bytes.subarray(6 + length);
    }
  });
}

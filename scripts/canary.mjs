/**
 * A port that no request should ever reach: a browser is told to look for every host there, so whoever connects has
 * bypassed the service worker. Tells the host that was wanted, by the Host header or the TLS server name.
 */
import { createServer } from 'node:net';

/**
 * @param {(hit: { host: string, detail: string }) => void} onHit
 * @returns {Promise<{ port: number, close(): Promise<void> }>}
 */
export async function startCanary(onHit) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    let isTold = false;
    const tell = (bytes) => {
      if (isTold) return;
      isTold = true;
      onHit(describeFirstBytes(bytes));
      socket.destroy();
    };
    let received = Buffer.alloc(0);
    // A connection alone is a bypass (a preconnect sends nothing).
    const timer = setTimeout(() => tell(received), 1000);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (isComplete(received)) tell(received);
    });
    socket.on('error', () => tell(received));
    socket.on('close', () => {
      clearTimeout(timer);
      sockets.delete(socket);
      tell(received);
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: server.address().port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function isComplete(bytes) {
  if (bytes.length > 16_384) return true;
  if (bytes[0] === 0x16) return bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3);
  return bytes.includes('\r\n\r\n');
}

/** @param {Buffer} bytes what a client sent first */
export function describeFirstBytes(bytes) {
  if (bytes.length === 0) return { host: '(unknown)', detail: 'a connection without a request' };
  if (bytes[0] === 0x16) return { host: readServerName(bytes) ?? '(unknown)', detail: 'a TLS handshake' };
  const text = bytes.toString('latin1');
  const host = /^host:[ \t]*(.*?)[ \t]*$/im.exec(text)?.[1] ?? '(unknown)';
  return { host, detail: text.split('\r\n', 1)[0] };
}

/** The server_name extension of a TLS ClientHello (RFC 8446 section 4.1.2, RFC 6066 section 3). */
function readServerName(bytes) {
  try {
    let at = 5 + 4 + 2 + 32; // record header, handshake header, version, random
    at += 1 + bytes.readUInt8(at); // session id
    at += 2 + bytes.readUInt16BE(at); // cipher suites
    at += 1 + bytes.readUInt8(at); // compression methods
    const end = at + 2 + bytes.readUInt16BE(at);
    at += 2;
    while (at + 4 <= end) {
      const type = bytes.readUInt16BE(at);
      const length = bytes.readUInt16BE(at + 2);
      // list length (2), name type (1), name length (2), name
      if (type === 0) return bytes.toString('latin1', at + 9, at + 9 + bytes.readUInt16BE(at + 7));
      at += 4 + length;
    }
  } catch {
    // Cut short, or not TLS after all.
  }
  return null;
}

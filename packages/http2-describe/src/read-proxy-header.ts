/**
 * @module
 * Where TLS is to be ended here, the PROXY protocol in front of it has to be taken off first.
 */
import type { Socket } from 'node:net';
import { type ProxyHeaderVersion, proxyHeaderLength, proxyHeaderVersion } from './proxy-protocol.js';

/** TLS's record type for a handshake. */
const handshakeRecord = 0x16;

/** Takes the header, if there is one, and looks at the byte after it; what was read beyond is put back. */
export async function readProxyHeader(socket: Socket, timeout: number): Promise<{ header: Buffer; isTls: boolean }> {
  let bytes = Buffer.alloc(0);
  const deadline = Date.now() + timeout;
  for (;;) {
    const split = splitFront(bytes);
    if (split !== null) {
      const rest = bytes.subarray(split);
      if (rest.length > 0) socket.unshift(rest);
      return { header: bytes.subarray(0, split), isTls: rest[0] === handshakeRecord };
    }
    const more = await nextBytes(socket, deadline - Date.now());
    // Ended early: the pumps deal with it.
    if (more === null) {
      if (bytes.length > 0) socket.unshift(bytes);
      return { header: Buffer.alloc(0), isTls: false };
    }
    bytes = Buffer.concat([bytes, more]);
  }
}

/** How long the header is, once the byte after it is there too; null: read on. */
function splitFront(bytes: Buffer): number | null {
  if (bytes.length === 0) return null;
  const version: ProxyHeaderVersion | 'so far' | null = proxyHeaderVersion(bytes);
  if (version === null) return 0;
  if (version === 'so far') return bytes[0] === handshakeRecord ? 0 : null;
  const length = proxyHeaderLength(bytes, version, 0);
  return length !== null && bytes.length > length ? length : null;
}

function nextBytes(socket: Socket, timeout: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const ready = (socket.read() as Buffer | null) ?? null;
    if (ready !== null) {
      resolve(ready);
      return;
    }
    const timer = setTimeout(() => finish(() => reject(new Error('nothing came in time'))), Math.max(0, timeout));
    const onReadable = () => {
      const bytes = socket.read() as Buffer | null;
      if (bytes !== null) finish(() => resolve(bytes));
    };
    const onEnd = () => finish(() => resolve(null));
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
      settle();
    };
    socket.on('readable', onReadable).once('end', onEnd).once('close', onEnd);
  });
}

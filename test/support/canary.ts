/**
 * @module A listener that stands for the rest of the world. The proxied browser resolves every name but localhost to it, so
 * that a request which does not go through the service worker ends here, and is seen.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Canary {
  readonly port: number;
  /** What arrived so far: the first bytes of each connection, in readable form. */
  readonly connections: readonly string[];
  close(): Promise<void>;
}

/**
 * Hosts that Chromium and Firefox themselves call, whatever page is open (their updaters, sign-in and such): no page of
 * ours names them.
 */
const browserHosts =
  /\b(?:clients\d?|accounts|www|update|android\.clients|content-autofill|optimizationguide-pa|safebrowsing\w*)\.(?:google|googleapis)\.com\b|\bredirector\.gvt1\.com\b|\.(?:mozilla\.(?:com|org|net)|firefox\.com)\b/;

export async function startCanary(): Promise<Canary> {
  const connections: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const index = connections.push('connected, sent nothing') - 1;
    socket.once('data', (bytes) => {
      connections[index] = describe(bytes);
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections.filter((connection) => !browserHosts.test(connection));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A TLS hello carries the server's name in clear; a plain request says it in its Host line. */
function describe(bytes: Buffer): string {
  if (bytes[0] === 0x16) return `TLS hello to ${findServerName(bytes) ?? 'no name'}`;
  return bytes.toString('latin1').slice(0, 300).replace(/\r\n/g, ' | ');
}

/**
 * The server_name extension (RFC 6066, section 3), found by its shape: type 0, two lengths that agree, name type 0 and the
 * name's own length.
 */
function findServerName(hello: Buffer): string | undefined {
  for (let at = 43; at + 9 < hello.length; at++) {
    const [type, length, listLength] = [hello.readUInt16BE(at), hello.readUInt16BE(at + 2), hello.readUInt16BE(at + 4)];
    const nameLength = hello.readUInt16BE(at + 7);
    if (type !== 0 || length !== listLength + 2 || hello[at + 6] !== 0 || nameLength + 3 !== listLength) continue;
    const name = hello.toString('latin1', at + 9, at + 9 + nameLength);
    if (/^[\w.-]+$/.test(name)) return name;
  }
  return undefined;
}

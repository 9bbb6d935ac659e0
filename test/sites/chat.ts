/** @module A chat over socket.io, in this process: it can be ended and started again at its port. */
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Server } from 'socket.io';
import type { Site } from '../support/site.js';
import { serveStaticFile } from '../support/static-files.js';

export interface ChatSite extends Site {
  /** Ends every connection and listens again: the new server knows none of the old one's sessions. */
  restart(): Promise<void>;
}

const directories = [path.join(import.meta.dirname, 'chat/fixtures')];

export async function startChat(): Promise<ChatSite> {
  let server: HttpServer;
  let chat: Server;
  let port = 0;
  const start = async () => {
    server = createServer((request, response) => serveStaticFile(directories, request, response));
    chat = new Server(server, { cookie: { name: 'io', path: '/socket.io/', httpOnly: true, sameSite: 'lax' } });
    talk(chat);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const close = async () => {
    server.closeAllConnections();
    await chat.close();
  };
  await start();
  return {
    origin: `http://chat.test:${port}`,
    port,
    async restart() {
      await close();
      await start();
    },
    close,
  };
}

function talk(chat: Server): void {
  chat.on('connection', async (socket) => {
    const { room } = socket.handshake.auth as { room: string };
    const from = socket.handshake.query.who;
    await socket.join(room);
    socket.on('say', (text: string, answer: (heard: object) => void) => {
      chat.to(room).emit('said', { from, text });
      answer({ length: text.length });
    });
    socket.on('picture', ({ name, bytes }: { name: string; bytes: Buffer }, answer: (sum: number) => void) => {
      socket.to(room).emit('picture', { from, name, bytes });
      answer(bytes.reduce((sum, byte) => sum + byte, 0));
    });
  });
}

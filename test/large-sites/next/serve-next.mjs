/** The built Next.js app, as `next start` serves it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { reportPort } from '../../sites/processes/report-port.mjs';

process.env.NODE_ENV = 'production';
process.env.NEXT_TELEMETRY_DISABLED = '1';
const { default: next } = await import('next');

const server = createServer().listen(0, '127.0.0.1');
await once(server, 'listening');
const app = next({ dev: false, dir: path.join(import.meta.dirname, 'fixtures'), port: server.address().port });
await app.prepare();
const handle = app.getRequestHandler();
server.on('request', (request, response) => handle(request, response));
reportPort(server);

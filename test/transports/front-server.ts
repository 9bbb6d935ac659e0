/**
 * @module
 * Debian's nginx before a site, as most sites have one. libcurl asks every http: site whether it speaks HTTP/2 (`Upgrade: h2c`), and what
 * Node's servers with WebSockets answer to that is 400; nginx hands on the upgrade to a WebSocket alone. epoxy opens a connection for each
 * request that waits, hundreds at once: nginx is given room for them, and without it requests stalled on a busy machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { findFreePort } from '../support/culvert-command.js';
import type { Site } from '../support/site.js';

/** The site at its own name and the front server's port; closing it closes both. */
export async function startFrontServer(site: Site): Promise<Site> {
  const root = mkdtempSync(path.join(tmpdir(), 'culvert-front-'));
  const port = await findFreePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const configuration = `daemon off; master_process off; pid ${root}/pid; error_log stderr crit;
events { worker_connections 4096; }
http {
  ${temporary.map((name) => `${name}_temp_path ${root}/${name};`).join(' ')}
  access_log off;
  map $http_upgrade $upgrade { websocket websocket; default ''; }
  map $http_upgrade $upgrade_connection { websocket upgrade; default ''; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${site.port};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $upgrade;
      proxy_set_header Connection $upgrade_connection;
    }
  }
}`;
  const file = path.join(root, 'nginx.conf');
  writeFileSync(file, configuration);
  const nginx = spawn('nginx', ['-p', root, '-c', file, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(nginx, 'exit');
  const failed = ended.then(([code]) => Promise.reject(new Error(`nginx has ended with code ${code}.`)));
  await Promise.race([untilListening(port), failed]);
  // A later end is our own.
  failed.catch(() => undefined);
  const origin = new URL(site.origin);
  origin.port = String(port);
  return {
    origin: origin.origin,
    port,
    async close() {
      nginx.kill();
      await ended;
      rmSync(root, { recursive: true, force: true });
      await site.close();
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await setTimeout(50);
  }
}

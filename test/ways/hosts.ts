/** @module The hosts that Culvert is put on: Debian's nginx at the root and below a folder, and Vite's preview server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import culvert from '@culvert/vite-plugin';
import { build, preview, type InlineConfig } from 'vite';
import { findFreePort, runCulvert } from '../support/culvert-command.js';

export interface Host {
  /** The page with the form and the frame of the examples. */
  page: string;
  /** Where proxied pages live. */
  scope: string;
  close(): Promise<void>;
}

/** What `culvert init` writes, served by nginx as its documentation would have it. */
export async function startNginx(folder: string, bare: string): Promise<Host> {
  const root = mkdtempSync(path.join(tmpdir(), 'culvert-nginx-'));
  const site = path.join(root, 'site', folder);
  mkdirSync(site, { recursive: true });
  const init = runCulvert('init', site, '--bare', bare);
  await init.printed(/\(it has ended\)|Try it:/);
  const port = await findFreePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const configuration = `daemon off; master_process off; pid ${root}/pid; error_log stderr crit;
events {}
http {
  ${temporary.map((name) => `${name}_temp_path ${root}/${name};`).join(' ')}
  access_log off;
  types { text/html html; text/javascript js; }
  server {
    listen 127.0.0.1:${port};
    root ${root}/site;
    location ${folder}service/ { try_files $uri ${folder}culvert.html; }
  }
}`;
  const file = path.join(root, 'nginx.conf');
  writeFileSync(file, configuration);
  const nginx = spawn('nginx', ['-p', root, '-c', file, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const failed = once(nginx, 'exit').then(
    ([code]) => Promise.reject(new Error(`nginx has ended with code ${code}.`)),
    (cause: Error) =>
      Promise.reject(
        new Error(`Failed to start nginx: ${cause.message}. Install it: node scripts/ensure-installed.mjs --test`),
      ),
  );
  await Promise.race([untilListening(port), failed]);
  // Later ends are our own.
  failed.catch(() => undefined);
  const origin = `http://localhost:${port}`;
  return {
    page: origin + folder,
    scope: `${origin}${folder}service/`,
    async close() {
      const ended = nginx.exitCode === null ? once(nginx, 'exit') : null;
      nginx.kill();
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The example for Vite, built and previewed. */
export async function startVitePreview(bare: string): Promise<Host> {
  const root = path.join(import.meta.dirname, '../../examples/vite');
  const outDir = mkdtempSync(path.join(tmpdir(), 'culvert-preview-'));
  const options = {
    root,
    configFile: false,
    logLevel: 'warn' as const,
    plugins: [culvert({ bareServer: bare })],
    build: { outDir, emptyOutDir: true },
    preview: { port: await findFreePort(), strictPort: true, host: 'localhost' },
  } satisfies InlineConfig;
  await build(options);
  const server = await preview(options);
  const page = server.resolvedUrls!.local[0]!;
  return {
    page,
    scope: `${page}service/`,
    async close() {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await setTimeout(50);
  }
}

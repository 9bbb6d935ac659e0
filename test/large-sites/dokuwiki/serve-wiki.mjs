/**
 * Debian's DokuWiki behind PHP's own server, with pages, media and users in a folder of this run. Whoever writes is `ada`, an
 * administrator.
 */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { reportPort } from '../../sites/processes/report-port.mjs';

const [directory] = process.argv.slice(2);
const program = '/usr/share/dokuwiki';
if (!existsSync(program)) throw new Error(`No DokuWiki at ${program}: npm run pretest:sites installs Debian's.`);

const folders = [
  'attic',
  'cache',
  'index',
  'locks',
  'log',
  'media',
  'media_attic',
  'media_meta',
  'meta',
  'pages',
  'tmp',
];
for (const folder of folders) mkdirSync(path.join(directory, 'data', folder), { recursive: true });
const configuration = path.join(directory, 'conf');
cpSync(path.join(import.meta.dirname, 'conf'), configuration, { recursive: true });
const hash = spawnSync('php', ['-r', "echo password_hash('not-a-secret', PASSWORD_BCRYPT);"], {
  encoding: 'utf8',
}).stdout;
writeFileSync(path.join(configuration, 'users.auth.php'), `ada:${hash}:Ada:ada@wiki.test:admin,user\n`);

// PHP does not say which port it got for 0.
const probe = createServer().listen(0, '127.0.0.1');
await once(probe, 'listening');
const address = probe.address();
probe.close();
await once(probe, 'close');

const settings = { auto_prepend_file: path.join(import.meta.dirname, 'prepend.php'), 'session.save_path': directory };
const php = spawn(
  'php',
  [
    ...Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]),
    ...['-S', `127.0.0.1:${address.port}`, '-t', program],
  ],
  { stdio: 'inherit', env: { ...process.env, WIKI_DIRECTORY: directory, PHP_CLI_SERVER_WORKERS: '4' } },
);
// This process leads its group: PHP and its workers end with it.
process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
php.once('exit', () => process.exit(1));
while (!(await fetch(`http://127.0.0.1:${address.port}/lib/index.html`).catch(() => null))?.ok) await setTimeout(50);
reportPort({ address: () => address });

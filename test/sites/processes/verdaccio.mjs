/**
 * A package registry with a web interface, verdaccio, with two packages in it, one user and no registry behind it.
 * The packages are published through its own API, as `npm publish` does.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { runServer } from 'verdaccio';
import { reportPort } from './report-port.mjs';

const directory = process.argv[2];
const user = { name: 'reader', password: 'canal-and-lock' };

const server = await runServer({
  storage: path.join(directory, 'storage'),
  configPath: path.join(directory, 'config.yaml'),
  self_path: path.join(directory, 'config.yaml'),
  secret: 'a-secret-that-is-32-characters-00',
  web: { title: 'Registry of the test', gravatar: false, sort_packages: 'asc' },
  auth: { htpasswd: { file: path.join(directory, 'htpasswd'), max_users: 10, algorithm: 'sha1' } },
  security: { web: { sign: { expiresIn: '1h' } } },
  uplinks: {},
  packages: { '**': { access: '$all', publish: '$authenticated' } },
  publish: { allow_offline: true },
  log: { type: 'stdout', format: 'json', level: 'error' },
});
mkdirSync(path.join(directory, 'storage'), { recursive: true });
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

/** Asks the registry's API, and fails loudly: a site without its packages would make every later failure a riddle. */
async function put(pathname, body, headers = {}) {
  const response = await fetch(`${origin}/${pathname}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`Failed to seed the registry: PUT ${pathname} gave ${JSON.stringify(answer)}.`);
  return answer;
}

/** The smallest tar file that a registry takes: one file, `package/package.json`. */
function makeTarball(manifest) {
  const content = Buffer.from(JSON.stringify(manifest));
  const header = Buffer.alloc(512);
  header.write('package/package.json', 0);
  header.write('000644 \0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')} `, 124);
  header.write('00000000000 ', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return gzipSync(Buffer.concat([header, content, Buffer.alloc(1536 - (content.length % 512))]));
}

async function publish(manifest, token) {
  const tarball = makeTarball(manifest);
  const fileName = `${manifest.name}-${manifest.version}.tgz`;
  await put(
    manifest.name,
    {
      _id: manifest.name,
      name: manifest.name,
      description: manifest.description,
      'dist-tags': { latest: manifest.version },
      versions: {
        [manifest.version]: {
          ...manifest,
          _id: `${manifest.name}@${manifest.version}`,
          dist: {
            shasum: createHash('sha1').update(tarball).digest('hex'),
            integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
            tarball: `${origin}/${manifest.name}/-/${fileName}`,
          },
        },
      },
      _attachments: {
        [fileName]: {
          content_type: 'application/octet-stream',
          data: tarball.toString('base64'),
          length: tarball.length,
        },
      },
    },
    { authorization: `Bearer ${token}` },
  );
  setPublishingTime(manifest);
}

/** The page says how long ago a package was published: of years, it says the same a minute later. */
function setPublishingTime({ name, version }) {
  const file = path.join(directory, 'storage', name, 'package.json');
  const stored = JSON.parse(readFileSync(file, 'utf8'));
  const time = '2020-03-01T12:00:00.000Z';
  stored.time = { created: time, modified: time, [version]: time };
  writeFileSync(file, JSON.stringify(stored));
}

const { token } = await put(`-/user/org.couchdb.user:${user.name}`, { ...user, _id: user.name, type: 'user' });
await publish(
  {
    name: 'heron',
    version: '1.2.0',
    description: 'Wades slowly and then is very quick.',
    keywords: ['bird', 'water'],
    license: 'MIT',
    readme: '# heron\n\nA bird that **waits**. See [kingfisher](/-/web/detail/kingfisher).\n\n```js\nfly();\n```\n',
  },
  token,
);
await publish(
  {
    name: 'kingfisher',
    version: '0.3.1',
    description: 'Dives for the fish that others wait for.',
    keywords: ['bird', 'colour'],
    license: 'MIT',
    dependencies: { heron: '^1.0.0' },
    readme: '# kingfisher\n\nDives. Does not wait.\n',
  },
  token,
);
reportPort(server);

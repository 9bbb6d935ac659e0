/**
 * Installs what a command needs, and says so; does nothing, fast, where all is there.
 *
 * - `node_modules` of the project, by `npm ci`, when missing or older than package-lock.json
 * - with `--chromium`: Chromium
 * - with `--test`: Chromium, nginx, and the packages of the test tree (the sites it opens)
 * - with `--sites`: Next.js and Monaco from npm, DokuWiki and PHP from Debian, which `npm run test:sites` opens
 * - with `--transports`: the transports and the Wisp server of others that `npm run test:transports` runs
 * - with `--firefox`: Firefox ESR as well
 * - with `--describe`: Chromium, tshark, nghttp2's clients, curl and OpenSSL, and gRPC's packages
 * - with `--deploy`: nginx, redis-server and systemd-analyze, which test the examples of docs/deploy
 * - with `--interop`, `--bench`: the peers that the interoperability tests and the benchmarks run beside ours
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { findBrowser } from './find-browser.mjs';

const root = path.join(import.meta.dirname, '..');
const flags = new Set(process.argv.slice(2));

/** Runs a command with its output shown; ends this process when it fails. */
function run(command, args, cwd = root) {
  console.log(`> ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`Failed to run "${command} ${args.join(' ')}": ${error?.message ?? `exit code ${status}`}.`);
  process.exit(1);
}

/** A folder's packages are stale when its lock file is not the one that they were installed from. */
function installPackages(folder) {
  const lockFile = path.join(folder, 'package-lock.json');
  if (!existsSync(lockFile)) return;
  const stamp = path.join(folder, 'node_modules', '.culvert-lock-hash');
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stamp) && statSync(stamp).isFile() && readFileSync(stamp, 'utf8') === hash) return;
  console.log(`Installing the packages of ${path.relative(root, folder) || 'the project'} (npm ci).`);
  run('npm', ['ci', '--no-fund', '--no-audit'], folder);
  writeFileSync(stamp, hash);
}

/** Installs a browser through apt where none is found. */
function installBrowser(name) {
  if (findBrowser(name)) return;
  const debianPackage = { chromium: 'chromium', firefox: 'firefox-esr' }[name];
  const hint = `No ${name} was found`;
  installThroughApt([debianPackage, 'fonts-dejavu-core'], hint, `Install it and set ${name.toUpperCase()}_PATH.`);
}

/** `need` says what is missing, `advice` what to do where there is no apt. */
function installThroughApt(debianPackages, need, advice) {
  if (!existsSync('/usr/bin/apt-get')) {
    console.error(`${need} and there is no apt to install it. ${advice}`);
    process.exit(1);
  }
  console.log(`${need}: installing Debian's ${debianPackages.join(', ')} through apt.`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    run(command, rest);
  };
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...debianPackages);
}

/** Installs the packages of those programs that are not there. */
function installPrograms(packageOf) {
  const missing = Object.keys(packageOf).filter((name) => spawnSync(name, ['--version']).error?.code === 'ENOENT');
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => packageOf[name]))];
  installThroughApt(packages, `No ${missing.join(', ')} was found`, 'Install them so that they are found by name.');
}

installPackages(root);
if (flags.has('--test')) {
  installPackages(path.join(root, 'test'));
  installPackages(path.join(root, 'test/m-proxy'));
  installPrograms({ nginx: 'nginx-light' });
}
if (['--test', '--chromium', '--describe'].some((flag) => flags.has(flag))) installBrowser('chromium');
if (flags.has('--sites')) {
  installPackages(path.join(root, 'test/large-sites'));
  // Without php-cgi, Debian's php takes Apache with it.
  const packages = ['dokuwiki', 'php-cgi', 'php-cli', 'php-xml'];
  if (!existsSync('/usr/share/dokuwiki/doku.php')) installThroughApt(packages, 'No DokuWiki was found', 'Use Debian.');
}
if (flags.has('--transports')) installPackages(path.join(root, 'test/transports'));
if (flags.has('--interop')) installPackages(path.join(root, 'test/interop'));
if (flags.has('--bench')) installPackages(path.join(root, 'bench'));
if (flags.has('--describe')) {
  installPackages(path.join(root, 'test/describe'));
  installPrograms({
    tshark: 'tshark',
    nghttp: 'nghttp2-client',
    h2load: 'nghttp2-client',
    curl: 'curl',
    openssl: 'openssl',
  });
}
if (flags.has('--firefox')) installBrowser('firefox');
if (flags.has('--deploy')) {
  installPrograms({ nginx: 'nginx-light', 'redis-server': 'redis-server', 'systemd-analyze': 'systemd' });
}

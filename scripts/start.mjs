/**
 * `npm start`: builds Culvert where its sources changed since the last build, and serves it.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { OptionError, parseStartOptions, usage } from './start-options.mjs';

function readOptions() {
  try {
    return parseStartOptions(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/** A reason that a user can act on needs no stack. */
function fail(error) {
  console.error(typeof error?.code === 'string' ? error.message : error);
  process.exit(1);
}

const options = readOptions();
if (options.help) {
  console.log(usage);
  process.exit(0);
}

try {
  build({ onlyIfStale: true });
} catch (error) {
  console.error(`${error.message}\nThe messages above say where.`);
  process.exit(1);
}

const main = path.join(import.meta.dirname, '..', 'demo', 'dist-server', 'main.js');
const { startDemoServer } = await import(pathToFileURL(main).href);
const server = await startDemoServer(options).catch(fail);

console.log(`Culvert is at ${server.url}`);
if (options.host !== 'localhost' && options.host !== '127.0.0.1' && options.host !== '::1') {
  console.log(
    'Other machines can reach it too. Their browsers run service workers only over https: put a TLS proxy in front.',
  );
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    // Nothing may keep a stopped server alive: not a connection, not a failing close.
    setTimeout(() => process.exit(0), 2000).unref();
    server.close().then(
      () => process.exit(0),
      (error) => fail(error),
    );
  });
}

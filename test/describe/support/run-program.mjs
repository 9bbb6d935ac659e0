/**
 * @module
 * Programs of Debian's, run to their end.
 */
import { spawn } from 'node:child_process';

const packages = { nghttp: 'nghttp2-client', h2load: 'nghttp2-client', curl: 'curl', openssl: 'openssl' };

/** Resolves to what it wrote; rejects when it fails. `input` goes to its standard input, piece by piece. */
export function runProgram(command, args, { env = {}, input = [] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
    let text = '';
    child.stdout.on('data', (more) => (text += more));
    child.stderr.on('data', (more) => (text += more));
    child.on('error', (error) => {
      const hint = error.code === 'ENOENT' ? `install it (apt-get install ${packages[command]})` : error.message;
      reject(new Error(`Failed to run ${command}: ${hint}.`));
    });
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`Failed to run ${command} ${args.join(' ')}: ${code}\n${text}`)),
    );
    // One that ended early reads no more.
    child.stdin.on('error', () => child.stdin.destroy());
    feed(child, input, () => text).catch((error) => {
      child.kill();
      reject(error);
    });
  });
}

/** A piece is a text, or a function that resolves when to go on; it is given what the program wrote so far. */
async function feed(child, input, written) {
  for (const piece of input) {
    if (typeof piece === 'string') child.stdin.write(piece);
    else await piece(written);
  }
  child.stdin.end();
}

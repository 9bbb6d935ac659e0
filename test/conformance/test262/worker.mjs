/**
 * @module Runs test files that its parent names, natively and rewritten. A process of its own, since a test may take
 * the engine down with it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseMetadata } from './metadata.mjs';
import { Realm } from './realm.mjs';

/** No test of these folders waits for a timer. */
const longestWait = 250;
const [checkout, rewriterUrl] = process.argv.slice(2);
const rewriter = await import(rewriterUrl);

// A test that rejects a promise and never looks at it.
process.on('unhandledRejection', () => {});

const harness = new Map();

process.on('message', async ({ file }) => {
  try {
    process.send({ file, runs: await runFile(file) });
  } catch (error) {
    process.send({ file, fault: String(error?.stack ?? error) });
  }
});
process.send({ ready: true });

async function runFile(file) {
  const full = path.join(checkout, file);
  const source = readFileSync(full, 'utf8');
  const metadata = parseMetadata(source);
  const runs = [];
  for (const mode of modes(metadata.flags)) {
    const text = mode === 'strict' ? `"use strict";\n${source}` : source;
    const native = await observe(full, text, mode, metadata, null);
    const rewritten = await observe(full, text, mode, metadata, rewriter);
    const kind = mode === 'module' ? 'module' : 'script';
    const output = rewriter.rewriteScript(text, { kind });
    runs.push({
      mode,
      native,
      rewritten,
      nativePasses: passes(native, metadata),
      rewrittenPasses: passes(rewritten, metadata),
      isEdited: output !== text,
      roundTrips: rewriter.unrewriteScript(output) === text,
    });
  }
  return runs;
}

function modes(flags) {
  if (flags.has('module')) return ['module'];
  if (flags.has('raw') || flags.has('noStrict')) return ['sloppy'];
  return flags.has('onlyStrict') ? ['strict'] : ['sloppy', 'strict'];
}

/** What happened, in a word or two: `completes`, `parse SyntaxError`, `throws TypeError`, what `$DONE` was given. */
async function observe(file, source, mode, metadata, used) {
  const printed = [];
  const isAsync = metadata.flags.has('async');
  let realm;
  try {
    realm = new Realm(used, (text) => void printed.push(String(text)));
    if (!metadata.flags.has('raw')) {
      const names = ['assert.js', 'sta.js', ...(isAsync ? ['doneprintHandle.js'] : []), ...metadata.includes];
      for (const name of names) realm.run(harnessScript(realm, name));
    }
  } catch (error) {
    return `harness throws ${describe(error)}`;
  }
  let isCompiled = false;
  try {
    if (mode === 'module') {
      const module = realm.createModule(source, file);
      isCompiled = true;
      await realm.linkAndEvaluate(module);
    } else {
      const script = realm.compile(source, file);
      isCompiled = true;
      realm.run(script);
    }
  } catch (error) {
    return `${isCompiled ? 'throws' : 'parse'} ${describe(error)}`;
  }
  if (!isAsync) return 'completes';
  const deadline = Date.now() + longestWait;
  let turns = 0;
  while (printed.length === 0 && Date.now() < deadline) {
    await new Promise((resolve) => (turns++ < 20 ? setImmediate(resolve) : setTimeout(resolve, 10)));
  }
  return printed[0] ?? 'never calls $DONE';
}

function harnessScript(realm, name) {
  const key = `${realm.rewriter === null} ${name}`;
  let script = harness.get(key);
  if (script === undefined) {
    const file = path.join(checkout, 'harness', name);
    harness.set(key, (script = realm.compile(readFileSync(file, 'utf8'), file)));
  }
  return script;
}

function describe(error) {
  try {
    const name = error?.constructor?.name ?? typeof error;
    return name === 'Test262Error' ? `${name}: ${String(error.message).slice(0, 200)}` : name;
  } catch {
    return 'something that cannot be read'; // a test's own proxy or getter
  }
}

function passes(outcome, { negative, flags }) {
  if (negative !== null) {
    const [phase, name] = outcome.split(' ');
    return name === negative.type && (negative.phase !== 'parse' || phase === 'parse');
  }
  return outcome === (flags.has('async') ? 'Test262:AsyncTestComplete' : 'completes');
}

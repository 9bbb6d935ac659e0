/**
 * @module Real scripts: what npm packages ship (`test/corpus`), each rewritten by the fast path and by the reference path.
 *
 * What must hold of every file: both paths give the same text, byte for byte, wherever the fast one is sure;
 * `unrewriteScript` gives back the source; the rewritten text parses if the source does, and has as many lines. The
 * whole corpus must be large enough to mean something, and the fast path sure of nearly all of it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import { bundleRewriter } from '../rewriter-bundle.mjs';

export const about = 'scripts of npm packages: fast path beside reference path, round trip, parses again';

export const options = {
  /** Only files whose path holds this text. */
  filter: { type: 'string' },
  /** Only every n-th file, for a quick look. */
  every: { type: 'string' },
};

const corpus = path.resolve(import.meta.dirname, '../../corpus');
const least = { files: 200, megabytes: 30, sureShare: 0.98 };
const mostGrowth = 0.03;

export async function run({ filter = '', every = '1' }) {
  install();
  const { corpusFiles } = await import('../../corpus/files.mjs');
  const { rewriteByTree, rewriteQuickly } = await import(await bundleRewriter({ entry: 'js/rewrite-script.ts' }));
  const { unrewriteScript } = await import(await bundleRewriter({ entry: 'js/unrewrite-script.ts' }));
  const all = corpusFiles();
  const files = all.filter(({ name }, index) => name.includes(filter) && index % Number(every) === 0);
  const count = { units: 0, sure: 0, rewritten: 0, parsed: 0 };
  const faults = [];
  for (const [index, { name, kind, source }] of files.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${index}/${files.length} ${name}`);
    const byTree = rewriteByTree(source, { kind });
    const fast = rewriteQuickly(source, { kind });
    const isSure = 'text' in fast;
    count.units += source.length;
    count.rewritten += byTree.length;
    if (isSure) count.sure += source.length;
    else console.log(`not sure of ${name}: ${fast.doubt} at byte ${fast.position}`);
    if (isSure && fast.text !== byTree) faults.push(`${name}: the paths differ ${firstDifference(fast.text, byTree)}`);
    if (unrewriteScript(byTree) !== source) faults.push(`${name}: does not come back`);
    if (lines(byTree) !== lines(source)) faults.push(`${name}: has another number of lines`);
    if (!parses(source, kind)) continue;
    count.parsed++;
    if (!parses(byTree, kind)) faults.push(`${name}: parses only as it was`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');

  const growth = count.rewritten / count.units - 1;
  const sureShare = count.sure / count.units;
  console.log(
    `${files.length} files, ${(count.units / 1e6).toFixed(1)} million characters; acorn parses ${count.parsed}`,
  );
  console.log(
    `the fast path is sure of ${(sureShare * 100).toFixed(2)} %, rewriting adds ${(growth * 100).toFixed(2)} %`,
  );
  if (filter === '' && every === '1') {
    if (files.length < least.files) faults.push(`fewer than ${least.files} files`);
    if (count.units < least.megabytes * 1e6) faults.push(`less than ${least.megabytes} MB`);
    if (sureShare < least.sureShare) faults.push(`the fast path is sure of less than ${least.sureShare * 100} %`);
    if (growth > mostGrowth) faults.push(`rewriting adds more than ${mostGrowth * 100} %`);
  }
  for (const fault of faults) console.log(`FAULT ${fault}`);
  console.log(`${faults.length} faults`);
  return faults.length > 0 ? 1 : 0;
}

function install() {
  if (existsSync(path.join(corpus, 'node_modules'))) return;
  console.error('Installing the corpus (npm ci in test/corpus/).');
  const { status } = spawnSync('npm', ['ci'], { cwd: corpus, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error('Failed to install the corpus: see above.');
  process.exit(2);
}

function lines(text) {
  return text.split('\n').length;
}

function firstDifference(a, b) {
  let at = 0;
  while (a[at] === b[at]) at++;
  return `at ${at}: ${JSON.stringify(a.slice(at - 40, at + 40))} and ${JSON.stringify(b.slice(at - 40, at + 40))}`;
}

function parses(source, kind) {
  try {
    parse(source, {
      ecmaVersion: 'latest',
      sourceType: kind,
      allowReturnOutsideFunction: true,
      allowHashBang: true,
    });
    return true;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The conformance suites of others: `npm run conformance -- <suite> [options]`.
 *
 * A suite is a folder beside this file whose `index.mjs` exports `about`, `options` (for `parseArgs`) and
 * `run(options)`, which gives the exit code. The suites themselves are not part of the project: each is read from a
 * checkout, given by `--checkout`, by the environment, or found beside the project. `corpus` needs none: it installs itself.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

const suites = readdirSync(import.meta.dirname).filter((name) =>
  existsSync(path.join(import.meta.dirname, name, 'index.mjs')),
);

const [name, ...args] = process.argv.slice(2);
if (!suites.includes(name)) {
  console.error(`Usage: npm run conformance -- <suite> [options]; the suites: ${suites.join(', ')}.`);
  process.exit(2);
}

const suite = await import(`./${name}/index.mjs`);
const { values } = parseArgs({ args, options: { checkout: { type: 'string' }, ...suite.options } });
const checkout = findCheckout(suite, values.checkout);
process.exit(await suite.run({ ...values, checkout }));

/** A suite of our own, or a program of its own, needs none. */
function findCheckout({ checkout }, given) {
  if (!checkout) return null;
  const beside = path.resolve(import.meta.dirname, '../../..', checkout.folder);
  const folder = path.resolve(given ?? process.env[checkout.variable] ?? beside);
  if (existsSync(path.join(folder, checkout.mark))) return folder;
  console.error(
    `Failed to find ${checkout.name} in ${folder}: there is no ${checkout.mark}. ` +
      `Clone ${checkout.url} and name it with --checkout or ${checkout.variable}.`,
  );
  process.exit(2);
}

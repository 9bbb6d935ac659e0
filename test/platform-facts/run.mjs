/**
 * Measures, in each engine, the facts about the platform that Culvert's design stands on, and says by name which fact an
 * engine no longer keeps. `node test/platform-facts/run.mjs [--engine chromium|firefox] [--only <id>] [--print]`
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { launchEngine } from './engines.mjs';
import { facts as allFacts } from './facts/index.mjs';
import { startWorld } from './server.mjs';

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
    only: { type: 'string', multiple: true },
    /** Prints every measured value as it is. */
    print: { type: 'boolean', default: false },
  },
});

const factTimeout = 15_000;
const facts = allFacts.filter((fact) => !options.only || options.only.some((id) => fact.id.startsWith(id)));
const counts = { passed: 0, failed: 0, skipped: 0 };
const broken = [];

const world = await startWorld(allFacts);
try {
  for (const engine of options.engine) await measureEngine(engine);
} finally {
  world.close();
}

if (broken.length > 0) {
  console.log('\nNo longer kept:');
  for (const line of broken) console.log(`  ${line}`);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);

async function measureEngine(engine) {
  const executablePath = findBrowser(engine);
  if (!executablePath) {
    console.log(`${engine} is not installed: its ${facts.length} facts are skipped.`);
    counts.skipped += facts.length;
    return;
  }
  const browser = await launchEngine(engine, executablePath);
  const lookups = [];
  let lookedUp;
  try {
    console.log(await browser.version());
    await browser.installWorker(world.places.proxy);
    browser.secureError = await browser.installWorker(world.places.secureProxy).catch((error) => error);
    for (const fact of facts) {
      const reason = fact.skip?.[engine];
      if (reason) {
        counts.skipped += 1;
        console.log(`skipped   ${engine}  ${fact.id}: ${reason}`);
        continue;
      }
      const measured = await measure(browser, fact);
      if ('looksUp' in fact) lookups.push({ fact, measured });
      else judge(engine, fact, measured);
    }
  } finally {
    lookedUp = await browser.close();
  }
  for (const { fact, measured } of lookups) {
    judge(engine, fact, measured === null ? lookedUp.has(fact.host) : measured);
  }
}

/** Compares what was measured with what was the case when the design was made. */
function judge(engine, fact, measured) {
  const expected = 'looksUp' in fact ? fact.looksUp : 'always' in fact ? fact.always : fact.expected[engine];
  const isKept = isDeepStrictEqual(measured, expected);
  counts[isKept ? 'passed' : 'failed'] += 1;
  console.log(`${isKept ? 'kept     ' : 'NOT KEPT '} ${engine}  ${fact.id}: ${fact.statement}`);
  if (options.print) console.log(`          ${JSON.stringify(measured)}`);
  if (isKept) return;
  const difference = `expected ${JSON.stringify(expected)}, measured ${JSON.stringify(measured)}`;
  broken.push(`${fact.id} in ${engine}: ${fact.statement}; ${difference}`);
}

/** What a fact measures, or a text that says why it could not be measured, which no fact expects. */
async function measure(browser, fact) {
  try {
    return await withTimeout(measureInPage(browser, fact));
  } catch (error) {
    return `failed to measure: ${String(error.message ?? error).split('\n')[0]}`;
  }
}

/** Opens the fact's document at its route and measures there. Addresses in the result are written by the place's name. */
async function measureInPage(browser, fact) {
  const { places } = world;
  if (fact.secure && browser.secureError) throw browser.secureError;
  const address = `${places.site}/${fact.id}/page.html`;
  const origin = fact.secure ? places.secureProxy : places.proxy;
  world.clearLog();
  const page = await browser.newPage();
  try {
    await page.goto(`${origin}/service/html/${encodeURIComponent(address)}`);
    const measured = await (fact.drive ? fact.drive({ page, places, log: world.log }) : page.evaluate(fact.measure));
    return named(measured, fact.id);
  } finally {
    await page.close();
  }
}

function named(value, id) {
  const { places } = world;
  const text = JSON.stringify(value ?? null)
    .replaceAll(`${places.site}/${id}/`, 'site/')
    .replaceAll(`${places.other}/${id}/`, 'other/')
    .replaceAll(places.site, 'site:')
    .replaceAll(places.other, 'other:')
    .replaceAll(places.site.replace('http:', 'https:'), 'secure site:')
    .replaceAll(places.proxy, 'proxy:')
    .replaceAll(places.secureProxy, 'proxy:')
    .replaceAll(encodeURIComponent(`${places.site}/${id}/`), 'site%2F');
  return JSON.parse(text);
}

function withTimeout(promise) {
  let timer;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${factTimeout} ms`)), factTimeout);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

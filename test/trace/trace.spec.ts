/**
 * @module
 * Looks for traces of the proxy: a page's scripts enumerate what they can read, directly and proxied, and nothing but the
 * known gaps may differ. What differs between two direct visits already (clocks, memory) is not compared.
 */
import { writeFile } from 'node:fs/promises';
import knownGaps from '../known-gaps.json' with { type: 'json' };
import { expect, test } from '../support/proxied-page.js';
import type { SiteView } from '../support/site-view.js';
import { collectors, prelude } from './collectors.js';
import { startTraceSite } from './trace-site.js';

type Notes = Record<string, unknown>;

const known = new Set(knownGaps.filter(({ suite }) => suite === 'trace').map(({ name }) => name));
/** Of some hundreds of notes, two direct visits have had about a dozen that differ. */
const mostThatVary = 40;

async function collect(view: SiteView, url: string, body: string): Promise<Notes> {
  await view.open(url);
  await view.frame.waitForFunction(() => document.readyState === 'complete');
  const source = `window.notes = (async () => { ${prelude} ${body} })().catch((error) => ({ 'the collector itself': 'threw ' + error.stack }));`;
  // As a script of the page.
  await view.frame.evaluate((text) => {
    const script = document.createElement('script');
    script.textContent = text;
    document.body.append(script);
    script.remove();
  }, source);
  return view.frame.evaluate(() => (window as unknown as { notes: Promise<Notes> }).notes);
}

const differing = (a: Notes, b: Notes): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
  );

/** The part that differs, with a little around it: some notes are whole documents. */
function around(value: unknown, other: unknown): string {
  const text = String(value);
  const compared = String(other);
  let at = 0;
  while (at < text.length && text[at] === compared[at]) at++;
  return (at > 40 ? '...' : '') + text.slice(Math.max(0, at - 40), at + 160);
}

for (const [title, body] of Object.entries(collectors)) {
  test(`a page reads nothing else than it does without a proxy: ${title}`, async ({ direct, proxied }, testInfo) => {
    const site = await startTraceSite();
    const expected = await collect(direct, `${site.origin}/`, body);
    const again = await collect(direct, `${site.origin}/`, body);
    const actual = await collect(proxied, `${site.origin}/`, body);
    await site.close();

    expect(Object.keys(expected).length, 'notes').toBeGreaterThan(0);
    const varying = new Set(differing(expected, again));
    expect(varying.size, `vary by themselves: ${[...varying].join(', ')}`).toBeLessThan(mostThatVary);
    const differences: Record<string, { direct: string; proxied: string }> = {};
    for (const name of differing(expected, actual)) {
      if (varying.has(name)) continue;
      differences[`${title}: ${name}`] = {
        direct: around(expected[name], actual[name]),
        proxied: around(actual[name], expected[name]),
      };
    }
    await writeFile(testInfo.outputPath('differences.json'), JSON.stringify(differences, null, 1));
    const unknown = Object.fromEntries(Object.entries(differences).filter(([name]) => !known.has(name)));
    expect.soft(unknown, 'differences that are not known').toEqual({});
    const mended = [...known].filter((name) => name.startsWith(`${title}: `) && !(name in differences));
    expect(mended, 'known gaps that are none any more').toEqual([]);
  });
}

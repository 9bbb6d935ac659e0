/** @module Of the subtests that pass direct, which also pass proxied? By file, by directory, and why not. */

/** Directories so large that their second level says more. */
const deepDirectories = /^(?:html|css|fetch|service-workers)$/;

/**
 * @param native a recorded run: `{baseline: {test: {pass: names}}}` or `{results}` of a run with --direct
 * @param results of the proxied run, by test
 */
export function compare(native, results, tests) {
  const comparison = { directories: new Map(), all: emptyRow('all'), reasons: new Map(), files: [], missing: [] };
  for (const test of tests) {
    const names = native.baseline ? native.baseline[test]?.pass : passedNames(native.results[test]);
    if (!names || names.length === 0) continue;
    const result = results[test];
    if (!result) comparison.missing.push(test);
    else addFile(comparison, test, names, result);
  }
  return comparison;
}

function addFile(comparison, test, names, result) {
  const got = new Map(numbered(result.tests).map(([name, ...rest]) => [name, rest]));
  const failed = new Map();
  for (const name of names) {
    const [status, message] = got.get(name) ?? [];
    if (status === 0) continue;
    const why = got.has(name) ? (message ?? statusNames[status]) : `(no such subtest; harness ${result.status})`;
    failed.set(name, String(why));
  }
  const kept = names.length - failed.size;
  for (const [name, why] of failed) {
    const key = shapeOf(why);
    let reason = comparison.reasons.get(key);
    if (!reason)
      comparison.reasons.set(
        key,
        (reason = { subtests: 0, points: 0, files: new Set(), sample: `${test} :: ${name} :: ${why}` }),
      );
    reason.subtests += 1;
    reason.points += 1 / names.length;
    reason.files.add(test);
  }
  const directory = directoryOf(test);
  if (!comparison.directories.has(directory)) comparison.directories.set(directory, emptyRow(directory));
  for (const row of [comparison.directories.get(directory), comparison.all]) {
    row.files += 1;
    row.native += names.length;
    row.kept += kept;
    row.shares += kept / names.length;
    if (kept === names.length) row.whole += 1;
    if (kept === 0) row.none += 1;
  }
  comparison.files.push({ test, kept, native: names.length, status: result.status });
}

const statusNames = { 1: 'failed', 2: 'timed out', 3: 'not run', 4: 'precondition failed' };

function emptyRow(name) {
  return { name, files: 0, native: 0, kept: 0, shares: 0, whole: 0, none: 0 };
}

function directoryOf(test) {
  const parts = test.split('/').slice(1, -1);
  return parts.slice(0, deepDirectories.test(parts[0]) ? 2 : 1).join('/');
}

function passedNames(result) {
  return result && numbered(result.tests.filter(([, status]) => status === 0)).map(([name]) => name);
}

/** A name that occurs again gets a number. */
function numbered(tests) {
  const seen = new Map();
  return tests.map(([name, ...rest]) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return [count > 1 ? `${name} #${count}` : name, ...rest];
  });
}

/** A message without its particulars, so that alike failures count together. */
function shapeOf(message) {
  return message
    .replace(/"(?:[^"\\]|\\.)*"?/g, '"…"')
    .replace(/\b(?:https?|wss?|blob|data):[^\s"']*/g, 'URL')
    .replace(/function\s*\([\s\S]*?\}(?=\s|$)/g, 'fn')
    .replace(/-?\d+(?:\.\d+)?/g, 'N')
    .replace(/\s+/g, ' ')
    .slice(0, 150);
}

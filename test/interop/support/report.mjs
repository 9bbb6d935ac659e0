/**
 * @module
 * What the cells came to: lines while they run, a summary, and `docs/interop.md`.
 */
import { peerDefects } from '../matrix/peer-defects.mjs';

export const peerNames = {
  ours: 'ours',
  'client-2.1.0': 'bare-client 2.1.0',
  'client-1.1.1': 'bare-client 1.1.1',
  'bare-as-module3': 'bare-as-module3 2.2.5',
  raw: 'raw sockets',
  'server-2.0.6': 'bare-server-node 2.0.6',
  'server-2.0.1': 'bare-server-node 2.0.1',
};

export class Report {
  results = [];
  #options;

  constructor(options) {
    this.#options = options;
  }

  /** @param result `{ suite, name, test, outcome: 'passed' | 'failed' | 'skipped' | 'defect', column, fault, reason, defect }` */
  add(result) {
    this.results.push(result);
    const { name, test, outcome, fault, reason, defect } = result;
    const { verbose } = this.#options;
    if (!verbose && (outcome === 'passed' || outcome === 'skipped')) return;
    const label = {
      passed: 'passed ',
      failed: 'FAILED ',
      skipped: 'skipped',
      defect: 'defect ',
      difference: 'differs',
    }[outcome];
    const detail = {
      failed: shorten(fault),
      skipped: reason,
      defect: defect?.id,
      difference: result.differences?.join(' '),
    }[outcome];
    console.log(`${label} ${name}  ${test.id}${detail ? `: ${detail}` : ''}`);
    if (verbose && outcome === 'failed') console.log(JSON.stringify(result.observation, printable)?.slice(0, 3000));
  }

  /** A defect is the peer's only if ours passes in its place. */
  judgeDefects() {
    for (const result of this.results.filter(({ outcome }) => outcome === 'defect')) {
      const { column, test, defect } = result;
      const stands = (peer) => (peer === defect.peer ? 'ours' : peer);
      const reference = this.results.find(
        (other) =>
          other.test === test &&
          other.column.engine === column.engine &&
          other.column.version === column.version &&
          other.column.client === stands(column.client) &&
          other.column.server === stands(column.server),
      );
      // A run of a few cells only does not have it.
      result.isProven = reference ? reference.outcome === 'passed' : null;
      if (reference?.outcome !== 'failed') continue;
      result.outcome = 'failed';
      result.fault = new Error(`"${defect.id}" is not shown to be the peer's: ours fails there too`);
      console.log(`FAILED  ${result.name}  ${test.id}: ${result.fault.message}`);
    }
  }

  get hasFailed() {
    return this.count('failed') > 0 || this.count('passed') === 0;
  }

  count(outcome) {
    return this.results.filter((result) => result.outcome === outcome).length;
  }

  printSummary() {
    const skipped = new Map();
    for (const { outcome, reason } of this.results)
      if (outcome === 'skipped') skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    for (const [reason, count] of skipped) console.log(`${count} skipped: ${reason}`);
    console.log(
      `${this.count('defect')} cells show a defect of the peer that is listed, and ours passes in the peer's place.`,
    );
    if (this.count('difference') > 0)
      console.log(`${this.count('difference')} fetches or WebSockets differ from the native ones as listed.`);
    const good = this.count('passed') + this.count('defect') + this.count('difference');
    console.log(`${good} passed, ${this.count('failed')} failed, ${this.count('skipped')} skipped`);
  }

  /** The text of `docs/interop.md`. It has no date and no times: a run that finds the same writes the same. */
  toMarkdown() {
    const found = new Map(
      this.results.filter(({ outcome }) => outcome === 'defect').map(({ defect }) => [defect.id, defect]),
    );
    const numbers = new Map(peerDefects.filter(({ id }) => found.has(id)).map(({ id }, index) => [id, index + 1]));
    const matrix = this.results.filter(({ suite }) => suite === 'matrix');
    const lines = [
      '# Interop',
      '',
      '<!-- Written by `node test/interop/run.mjs --write-docs`; do not edit. -->',
      '',
      'Our Bare client and server beside the published ones, as found by `node test/interop/run.mjs`. A cell stands for one or more',
      'tests: ✓ all pass; a number is a defect of the peer (listed below), which the test shows by its own assertion, and which ours',
      'does not have in the same place; ✗ fails; · has no meaning there; – is skipped.',
      '',
      ...['node', 'chromium'].flatMap((engine) => {
        const results = matrix.filter(({ column }) => column.engine === engine);
        if (results.length === 0) return [];
        const title = engine === 'node' ? `In Node ${process.versions.node.split('.')[0]}` : 'In Chromium';
        const throughClient = results.filter(({ column }) => column.client !== 'raw');
        const raw = results.filter(({ column }) => column.client === 'raw');
        return [
          `## ${title}`,
          '',
          ...table(throughClient, numbers),
          ...(raw.length > 0 ? ['### Servers under raw sockets', '', ...table(raw, numbers)] : []),
        ];
      }),
      '## Defects of the peers',
      '',
      ...peerDefects
        .filter(({ id }) => numbers.has(id))
        .map(({ id, peer, text }) => `${numbers.get(id)}. **${peerNames[peer]}**: ${text} (\`${id}\`)`),
      '',
      ...oracleSection(this.results.filter(({ suite }) => suite === 'oracle')),
      ...proxySection(this.results.filter(({ suite }) => suite === 'proxies')),
      ...firefoxSection(this.results.filter(({ suite }) => suite === 'firefox')),
    ];
    return `${lines.join('\n').trimEnd()}\n`;
  }
}

/** One row for each `row` of the cases, one column for each pairing and version. */
function table(results, numbers) {
  const columns = [...new Set(results.map(({ column }) => `${column.client}|${column.server}|${column.version}`))];
  const rows = [...new Set(results.map(({ test }) => test.row))];
  const head = columns.map((key) => {
    const [client, server, version] = key.split('|');
    return client === 'raw'
      ? `${peerNames[server]} ${version}`
      : `${peerNames[client]} → ${peerNames[server]} ${version}`;
  });
  const body = rows.map((row) => {
    const cells = columns.map((key) =>
      cellOf(
        results.filter(
          ({ test, column }) => test.row === row && `${column.client}|${column.server}|${column.version}` === key,
        ),
        numbers,
      ),
    );
    return `| ${row.replaceAll('|', '\\|')} | ${cells.join(' | ')} |`;
  });
  return [`| | ${head.join(' | ')} |`, `| --- |${' :-: |'.repeat(columns.length)}`, ...body, ''];
}

function cellOf(results, numbers) {
  if (results.length === 0) return '·';
  if (results.some(({ outcome }) => outcome === 'failed')) return '✗';
  const defects = new Set(
    results.filter(({ outcome }) => outcome === 'defect').map(({ defect }) => numbers.get(defect.id)),
  );
  if (defects.size > 0) return [...defects].sort((a, b) => a - b).join(', ');
  return results.every(({ outcome }) => outcome === 'skipped') ? '–' : '✓';
}

function oracleSection(results) {
  if (results.length === 0) return [];
  const groups = [...new Set(results.map(({ name }) => name))];
  return [
    "## Against the platform's own",
    '',
    'The same cases through `client.fetch` and the native `fetch`, and through `createWebSocket` and the native class: what a caller',
    'sees and what reaches the remote must agree.',
    '',
    '| | agree | differ, as listed | fail | skipped |',
    '| --- | --: | --: | --: | --: |',
    ...groups.map((group) => {
      const count = (outcome) => results.filter((result) => result.name === group && result.outcome === outcome).length;
      return `| ${group} | ${count('passed')} | ${count('difference')} | ${count('failed')} | ${count('skipped')} |`;
    }),
    '',
    ...differences(results),
  ];
}

function differences(results) {
  const known = new Set(results.flatMap(({ differences = [] }) => differences));
  if (known.size === 0) return [];
  return ['What differs, and stays so:', '', ...[...known].map((text) => `- ${text}`), ''];
}

const marks = { passed: '✓', failed: '✗', skipped: '–' };

function firefoxSection(results) {
  if (results.length === 0) return [];
  const names = [...new Set(results.map(({ name }) => name))];
  const ids = [...new Set(results.map(({ test }) => test.id))];
  const outcome = (name, id) => results.find((result) => result.name === name && result.test.id === id).outcome;
  return [
    '## In Firefox',
    '',
    'Our client with our server, loaded as a classic script and as a module.',
    '',
    `| what | ${names.join(' | ')} |`,
    `| --- |${' :-: |'.repeat(names.length)}`,
    ...ids.map((id) => `| ${id} | ${names.map((name) => marks[outcome(name, id)]).join(' | ')} |`),
    '',
  ];
}

function proxySection(results) {
  if (results.length === 0) return [];
  return [
    '## Proxies with our client as their transport',
    '',
    '| proxy | what | |',
    '| --- | --- | :-: |',
    ...results.map(({ name, test, outcome }) => `| ${name} | ${test.id} | ${marks[outcome]} |`),
    '',
  ];
}

function shorten(fault) {
  return fault?.message.split('\n').filter(Boolean).slice(0, 7).join(' | ');
}

function printable(_key, value) {
  if (value?.type === 'Buffer') return `Buffer(${value.data.length})`;
  return typeof value === 'string' && value.length > 300 ? `${value.slice(0, 300)}… (${value.length})` : value;
}

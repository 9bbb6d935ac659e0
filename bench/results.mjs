/**
 * @module
 * Results: medians over the rounds of a run, as a table or as JSON lines.
 */

/**
 * @typedef {object} Result
 * @property {string} measure what is measured, `transport/requests`
 * @property {string} subject who, `ours`
 * @property {number | null} value median over the runs; null for who does not run
 * @property {string} [note] why there is none
 * @property {string} unit
 * @property {Record<string, number>} [ratios] value by that of the others
 * @property {number} runs
 */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Results of one measure.
 *
 * @param samples values by subject
 * @returns {Result[]} with the ratios of `ours` to the others
 */
export function summarize(measure, unit, samples) {
  const medians = Object.entries(samples).map(([subject, values]) => [subject, median(values)]);
  return medians.map(([subject, value]) => ({
    measure,
    subject,
    value: round(value),
    unit,
    ...(subject === 'ours' && {
      ratios: Object.fromEntries(
        medians
          .filter(([other, theirs]) => other !== 'ours' && theirs !== 0)
          .map(([other, theirs]) => [other, round(value / theirs)]),
      ),
    }),
    runs: samples[subject].length,
  }));
}

function round(value) {
  return Number(value.toPrecision(4));
}

export function printJson(results) {
  for (const result of results) console.log(JSON.stringify(result));
}

export function printTable(results) {
  const rows = results.map(({ measure, subject, value, unit, note = '', ratios = {}, runs }) => [
    measure,
    subject,
    value === null ? '-' : `${value} ${unit}`.trim(),
    note ||
      Object.entries(ratios)
        .map(([other, ratio]) => `${ratio} x ${other}`)
        .join(', '),
    `${runs} run${runs === 1 ? '' : 's'}`,
  ]);
  const widths = rows[0].map((_cell, column) => Math.max(...rows.map((row) => row[column].length)));
  let last = '';
  for (const row of rows) {
    if (last !== '' && row[0] !== last) console.log();
    const cells = row.map((cell, column) => cell[column === 2 ? 'padStart' : 'padEnd'](widths[column]));
    if (row[0] === last) cells[0] = ' '.repeat(widths[0]);
    last = row[0];
    console.log(cells.join('  ').trimEnd());
  }
}

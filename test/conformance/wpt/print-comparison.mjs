/** @module The comparison as tables for people. */
const percent = (share) => `${(100 * share).toFixed(1)}%`;

export function printComparison({ directories, all, reasons, files, missing }, options) {
  const head = ['directory', 'files', 'subtests', 'kept', 'share', 'file mean', 'whole', 'none', 'points lost'];
  const rows = [...directories.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = [...rows, all].map((row) => [
    row.name,
    row.files,
    row.native,
    row.kept,
    percent(row.kept / row.native),
    percent(row.shares / row.files),
    row.whole,
    row.none,
    (row.files - row.shares).toFixed(2),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => String(line[column]).length)),
  );
  for (const line of [head, ...lines]) {
    const cells = line.map((cell, column) =>
      column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]),
    );
    console.log(cells.join('  '));
  }
  if (missing.length > 0) console.log(`${missing.length} tests of the list have no result.`);
  console.log(
    '\nfile mean: the mean over files of the share of subtests kept; points lost: what each file lacks of 1, added up.',
  );
  if (options.files) {
    console.log();
    for (const file of files) {
      if (file.kept < file.native) console.log(`${file.kept}/${file.native}\t${file.status}\t${file.test}`);
    }
  }
  if (options.reasons > 0) {
    console.log('\npoints  files  subtests  reason');
    const sorted = [...reasons].sort(([, a], [, b]) => b.points - a.points).slice(0, options.reasons);
    for (const [reason, { points, files: inFiles, subtests, sample }] of sorted) {
      console.log(
        `${points.toFixed(2).padStart(6)}  ${String(inFiles.size).padStart(5)}  ${String(subtests).padStart(8)}  ${reason}`,
      );
      console.log(`        e.g. ${sample.slice(0, 260).replace(/\s+/g, ' ')}`);
    }
  }
}

/**
 * @module
 * Subjects over a corpus, in turns: a round runs every subject once over every file, so that what else the machine does
 * meets them all. CPU time of this process, since others run beside it.
 */
import { summarize } from './results.mjs';

/**
 * @param {object} options
 * @param {Record<string, (bytes: Uint8Array) => unknown>} options.subjects
 * @param {{ name: string, bytes: Uint8Array }[]} options.corpus
 */
export async function measureInTurns({ measure, subjects, corpus, rounds, progress }) {
  const megabytes = corpus.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;
  const samples = Object.fromEntries(Object.keys(subjects).map((subject) => [subject, []]));
  const warmUps = 2;
  for (let round = -warmUps; round < rounds; round++) {
    for (const [subject, measured] of Object.entries(subjects)) {
      progress(`${measure}: round ${round + 1} of ${rounds}, ${subject}`);
      const before = process.cpuUsage();
      for (const { bytes } of corpus) await measured(bytes);
      if (round >= 0) samples[subject].push(megabytes / seconds(process.cpuUsage(before)));
    }
  }
  return summarize(measure, 'MB/s', samples);
}

function seconds({ user, system }) {
  return (user + system) / 1e6;
}

/**
 * @module
 * Subjects over a corpus, in turns: a round runs every subject over every file, so that what else the machine does
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
      let turns = 0;
      let spent = 0;
      do {
        for (const { bytes } of corpus) await measured(bytes);
        turns++;
        spent = seconds(process.cpuUsage(before));
      } while (spent < leastSeconds);
      if (round >= 0) samples[subject].push((megabytes * turns) / spent);
    }
  }
  return summarize(measure, 'MB/s', samples);
}

/** A subject that is through sooner goes over the corpus again: the clock of a process has steps. */
const leastSeconds = 0.2;

function seconds({ user, system }) {
  return (user + system) / 1e6;
}

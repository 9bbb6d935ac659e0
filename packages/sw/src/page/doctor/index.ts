/**
 * @module
 * Looks at the set-up from the page: what works, what does not, and what to do.
 */
import { checks, type DoctorTarget } from './checks.js';
import type { Finding } from './finding.js';

export type { DoctorTarget, Finding };

/** After one of these has failed, what needs it would only fail too. */
const foundations = new Set(['secure-context', 'worker-file', 'runtime-file']);

/**
 * Gives each finding as soon as it is known. It registers the worker, as opening a page does, and opens no site.
 */
export async function* examine(target: DoctorTarget): AsyncGenerator<Finding> {
  let failed: string | null = null;
  for (const { id, title, run } of checks) {
    const isBlocked = failed !== null && id === 'registration';
    const verdict = isBlocked
      ? { status: 'skipped' as const, detail: `First: ${failed}` }
      : await Promise.resolve(target).then(run).catch(unexpected);
    if (verdict.status === 'problem' && foundations.has(id)) failed ??= title;
    yield { id, title, advice: '', ...verdict };
  }
}

/** A check that fails in a way that it does not know still says something. */
function unexpected(error: unknown) {
  return { status: 'warning' as const, detail: String(error), advice: 'Please report this.' };
}

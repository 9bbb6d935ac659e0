/**
 * @module
 * What a check of the set-up found.
 */

export interface Finding {
  /** Stable, for programs. */
  id: string;
  title: string;
  /** `problem`: nothing works. `warning`: most works. `skipped`: an earlier problem is in the way. */
  status: 'ok' | 'warning' | 'problem' | 'skipped';
  detail: string;
  /** What to do; empty where there is nothing to do. */
  advice: string;
}

export type Verdict = Pick<Finding, 'status' | 'detail'> & { advice?: string };

export const ok = (detail: string): Verdict => ({ status: 'ok', detail });
export const warning = (detail: string, advice: string): Verdict => ({ status: 'warning', detail, advice });
export const problem = (detail: string, advice: string): Verdict => ({ status: 'problem', detail, advice });
export const skipped = (detail: string): Verdict => ({ status: 'skipped', detail });

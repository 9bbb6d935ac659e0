/**
 * @module
 * One visit of a client to the server in a run of faults: what it is given, and how it can end.
 */

export type Outcome =
  | { kind: 'answer'; body: Buffer }
  | { kind: 'error'; code: string; stack: boolean }
  | { kind: 'closed' }
  | { kind: 'hang' };

export interface Visit {
  /** Of a server that speaks HTTP/1 alone. */
  port: number;
  /** Of a server that speaks everything. */
  onePort: number;
  /** Without scheme. */
  remote: string;
  random: Random;
}

export interface FaultClient {
  name: string;
  /** Reads all there is, so that its outcome says whether the answer is right. */
  isReader?: boolean;
  run(visit: Visit): Promise<Outcome>;
}

export type Random = () => number;

/** Mulberry32: small, and the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)]!;

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export const bareHeaders = (remote: string): Record<string, string> => ({
  'X-Bare-URL': `http://${remote}`,
  'X-Bare-Headers': '{}',
});

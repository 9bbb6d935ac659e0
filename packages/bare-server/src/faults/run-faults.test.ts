import { expect, it } from 'vitest';
import { runFaults } from './run-faults.test-support.js';

/** The long run is `npm run conformance -- faults`. */
it('ends every request whatever fails, and keeps nothing of it', { timeout: 120_000 }, async () => {
  const report = await runFaults({ count: 300, seed: 20_261_121, concurrency: 24 });
  expect(report.faults).toEqual([]);
  expect(report.socketsLeft).toBeLessThanOrEqual(0);
  expect(report.heapGrowth).toBeLessThan(8_000_000);
  expect(report.outcomes).toMatchObject({
    answer: expect.any(Number) as number,
    closed: expect.any(Number) as number,
    'error CONNECTION_RESET': expect.any(Number) as number,
    'error CONNECTION_TIMEOUT': expect.any(Number) as number,
    'error CONNECTION_REFUSED': expect.any(Number) as number,
    'error IMPL_INVALID_RESPONSE': expect.any(Number) as number,
  });
});

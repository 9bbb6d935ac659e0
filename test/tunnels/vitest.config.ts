/** @module `npm run test:tunnels`: the tunnel at full size, every part in a process of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/tunnels/*.test.ts'], testTimeout: 300_000, fileParallelism: false },
});

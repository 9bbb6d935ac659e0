/** @module `npm run test:tunnels`: the tunnel at full size, every part in a process of its own. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['culvert-source'] },
  ssr: { resolve: { conditions: ['culvert-source'] } },
  test: {
    include: ['test/tunnels/*.test.ts', 'packages/http-socket/src/{nginx,unreliable-path}.test.ts'],
    testTimeout: 300_000,
    fileParallelism: false,
    // Of the tests that `npm test` runs with less.
    env: { HTTP_SOCKET_MEGABYTES: process.env.HTTP_SOCKET_MEGABYTES ?? '100' },
  },
});

import { defineConfig } from 'vitest/config';

/** `npm run test:deploy`: what needs nginx, redis-server and systemd-analyze, which ensure-installed.mjs installs. */
export default defineConfig({
  resolve: { conditions: ['culvert-source'] },
  ssr: { resolve: { conditions: ['culvert-source'] } },
  test: { include: ['test/deploy/*.test.mjs'], testTimeout: 60_000, hookTimeout: 60_000 },
});

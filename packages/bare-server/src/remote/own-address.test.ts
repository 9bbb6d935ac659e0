import type * as Os from 'node:os';
import { expect, it, vi } from 'vitest';
import { exchange, startBareServer, v3Headers } from '../local-servers.test-support.js';

vi.mock('node:os', async (importOriginal) => ({
  ...(await importOriginal<typeof Os>()),
  networkInterfaces: () => ({ eth0: [{ address: '8.8.4.4', family: 'IPv4' }] }),
}));

it('does not send a request to itself by its public address', async () => {
  const bare = await startBareServer({ upstream: { allowPrivate: false, resolve: ['me.test:*:8.8.4.4'] } });
  const { port } = new URL(bare);
  for (const host of ['8.8.4.4', '[::ffff:8.8.4.4]', 'me.test']) {
    const { status, body } = await exchange(`${bare}v3/`, { headers: v3Headers(`http://${host}:${port}/bare/`) });
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({
      code: 'IMPL_BLOCKED_ADDRESS',
      message: expect.stringContaining('this server itself'),
    });
  }
});

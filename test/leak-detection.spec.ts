/** @module The tests of sites trust two detectors of leaks. Each must see a leak that is there. */
import { logPage } from './support/page-log.js';
import { expect, test } from './support/proxied-page.js';

test('the canary and the log see a request that no service worker answers', async ({
  proxiedBrowser,
  canary,
  culvert,
}) => {
  const context = await proxiedBrowser.newContext();
  const seenBefore = canary.connections.length;
  const log = logPage(context, culvert.origin);
  const page = await context.newPage();
  // The server's own 404 page has no worker and forbids nothing.
  await page.goto(`${culvert.origin}/nothing-is-here`);
  await page.evaluate(() => {
    new Image().src = 'http://leak.test/image.png';
    new Image().src = '/root-relative.png';
    return new Promise((resolve) => setTimeout(resolve, 500));
  });
  await expect.poll(() => canary.connections.slice(seenBefore).join()).toContain('leak.test');
  await expect.poll(() => log.bypasses.join()).toContain('/root-relative.png');
  await context.close();
});

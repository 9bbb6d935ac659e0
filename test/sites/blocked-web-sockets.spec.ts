/** @module Sites through a Culvert whose WebSockets something on the way refuses: the HTTP socket carries them. */
import { expect, test } from '../support/proxied-page.js';
import { SiteView } from '../support/site-view.js';
import { blockUpgrades } from '../support/without-upgrades.js';
import { buildFlow, deploy, openDebugSidebar, openEditor, readDebugMessage } from './node-red-editor.js';
import { startNodeRed } from './node-red.js';

test('Node-RED deploys a flow and shows its debug message where WebSockets are blocked', async ({
  proxiedBrowser,
  culvert,
  canary,
}) => {
  const seenBefore = canary.connections.length;
  const blocked = await blockUpgrades(culvert);
  const site = await startNodeRed();
  const context = await proxiedBrowser.newContext({ viewport: { width: 1000, height: 700 } });
  try {
    const view = await SiteView.create('proxied', context, blocked);
    await openEditor(view, site.origin);
    const button = await buildFlow(view);
    await openDebugSidebar(view);
    await deploy(view);
    await button.click();
    expect(await readDebugMessage(view)).toMatchObject({ hasTimestamp: true, payload: 'time' });
    // It was not by a WebSocket that the message came.
    expect(blocked.refused).toBeGreaterThan(0);
    expect(view.log.bypasses).toEqual([]);
    expect(canary.connections.slice(seenBefore)).toEqual([]);
  } finally {
    await context.close();
    await site.close();
    await blocked.close();
  }
});

/** @module What a visitor does in Node-RED's editor. */
import type { Locator } from '@playwright/test';
import { expect } from '../support/proxied-page.js';
import type { SiteView } from '../support/site-view.js';

/** Opens the editor and waits until it has shown its splash screen and loaded the palette. */
export async function openEditor(view: SiteView, origin: string): Promise<void> {
  await view.open(`${origin}/`);
  await view.frame.locator('.red-ui-palette-node[data-palette-type=inject]').waitFor();
  await view.frame.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
}

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('Nothing is drawn for this locator.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags by mouse in steps, as jQuery UI's draggable and the editor's own wires want it. */
async function drag(view: SiteView, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  const { mouse } = view.page;
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x + 15, from.y + 5, { steps: 4 });
  await mouse.move(to.x, to.y, { steps: 8 });
  await mouse.up();
}

/** Drags a node of the palette to a place in the workspace, where it becomes the `index`th node. */
async function dropNode(view: SiteView, type: string, index: number, x: number, y: number): Promise<Locator> {
  const chart = await view.frame.locator('#red-ui-workspace-chart').boundingBox();
  const source = await centre(view.frame.locator(`.red-ui-palette-node[data-palette-type=${type}]`));
  await drag(view, source, { x: (chart?.x ?? 0) + x, y: (chart?.y ?? 0) + y });
  const nodes = view.frame.locator('.red-ui-flow-node-group');
  await expect(nodes).toHaveCount(index + 1);
  return nodes.nth(index);
}

/** Deploys, and waits until the server has said so. */
export async function deploy(view: SiteView): Promise<void> {
  await view.frame.locator('#red-ui-header-button-deploy').click();
  await view.frame.locator('.red-ui-notification').filter({ hasText: 'Successfully deployed' }).waitFor();
  await view.frame.locator('.red-ui-notification').first().waitFor({ state: 'detached' });
}

/** Opens the sidebar in which debug messages appear. */
export async function openDebugSidebar(view: SiteView): Promise<void> {
  await view.frame.locator('#red-ui-tab-debug-link-button').click();
  await view.frame.locator('.red-ui-debug-content-list').waitFor();
}

/** Drags an inject and a debug node into the workspace and wires them. @returns the button that sends a message */
export async function buildFlow(view: SiteView): Promise<Locator> {
  const inject = await dropNode(view, 'inject', 0, 220, 100);
  const debug = await dropNode(view, 'debug', 1, 220, 260);
  await drag(
    view,
    await centre(inject.locator('.red-ui-flow-port-output .red-ui-flow-port')),
    await centre(debug.locator('.red-ui-flow-port-input .red-ui-flow-port')),
  );
  await expect(view.frame.locator('.red-ui-flow-link-line')).toHaveCount(1);
  return inject.locator('.red-ui-flow-node-button-button');
}

/** The one message that the debug sidebar shows, with the time taken out. */
export async function readDebugMessage(
  view: SiteView,
): Promise<{ hasTimestamp: boolean; payload: string; name: string }> {
  const message = view.frame.locator('.red-ui-debug-msg');
  await expect(message).toHaveCount(1);
  const payload = await message.locator('.red-ui-debug-msg-payload').innerText();
  const name = await message.locator('.red-ui-debug-msg-name').innerText();
  return { hasTimestamp: /^\d{13}$/.test(payload.trim()), payload: payload.replace(/\d{13}/, 'time'), name };
}

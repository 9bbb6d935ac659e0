/** @module Node-RED through Culvert: nodes are dragged, wired and deployed, and the message comes over the WebSocket. */
import type { Locator } from '@playwright/test';
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';
import { startNodeRed, type NodeRedSite } from './node-red.js';

/** Opens the editor and waits until it has shown its splash screen and loaded the palette. */
async function openEditor(view: SiteView, origin: string): Promise<void> {
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
async function deploy(view: SiteView): Promise<void> {
  await view.frame.locator('#red-ui-header-button-deploy').click();
  await view.frame.locator('.red-ui-notification').filter({ hasText: 'Successfully deployed' }).waitFor();
  await view.frame.locator('.red-ui-notification').first().waitFor({ state: 'detached' });
}

/** Opens the sidebar in which debug messages appear. */
async function openDebugSidebar(view: SiteView): Promise<void> {
  await view.frame.locator('#red-ui-tab-debug-link-button').click();
  await view.frame.locator('.red-ui-debug-content-list').waitFor();
}

sideBySide<NodeRedSite>('Node-RED deploys a flow and shows its debug message', {
  site: startNodeRed,
  reset: (site) => site.reset(),
  async steps(view, site) {
    const { frame } = view;
    await openEditor(view, site.origin);
    const opened = { text: await view.text('#red-ui-palette'), url: await view.url(), title: await frame.title() };
    await view.screenshot('editor');

    const inject = await dropNode(view, 'inject', 0, 220, 100);
    const debug = await dropNode(view, 'debug', 1, 220, 260);
    await drag(
      view,
      await centre(inject.locator('.red-ui-flow-port-output .red-ui-flow-port')),
      await centre(debug.locator('.red-ui-flow-port-input .red-ui-flow-port')),
    );
    await expect(frame.locator('.red-ui-flow-link-line')).toHaveCount(1);
    await view.screenshot('wired');

    await openDebugSidebar(view);
    await deploy(view);
    await inject.locator('.red-ui-flow-node-button-button').click();
    const message = frame.locator('.red-ui-debug-msg');
    await expect(message).toHaveCount(1);
    const payload = await message.locator('.red-ui-debug-msg-payload').innerText();
    const topic = await message.locator('.red-ui-debug-msg-name').innerText();
    return {
      opened,
      hasTimestamp: /^\d{13}$/.test(payload.trim()),
      payload: payload.replace(/\d{13}/, 'time'),
      name: topic,
    };
  },
});

/**
 * Waits until Monaco's language worker has looked at the text. It throws when its editor is closed under it, with a proxy
 * or without.
 */
async function waitForMonaco(view: SiteView): Promise<void> {
  await view.frame.evaluate(async () => {
    const { monaco } = window as any;
    const uri = monaco.editor.getModels().find((model: any) => model.getValue().includes('toUpperCase')).uri;
    const getWorker = await monaco.languages.typescript.getJavaScriptWorker();
    const worker = await getWorker(uri);
    await worker.getSemanticDiagnostics(String(uri));
  });
  await view.page.waitForTimeout(1000);
}

sideBySide<NodeRedSite>('Node-RED imports a file and edits a function in Monaco', {
  site: startNodeRed,
  reset: (site) => site.reset(),
  async steps(view, site) {
    const { frame, page } = view;
    await openEditor(view, site.origin);

    await frame.locator('#red-ui-workspace-chart').click({ position: { x: 300, y: 300 } });
    await page.keyboard.press('Control+i');
    await frame.locator('#red-ui-clipboard-dialog-import-file-upload').setInputFiles({
      name: 'flow.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(importedFlow)),
    });
    await frame.locator('#red-ui-clipboard-dialog-ok').click();
    await expect(frame.locator('.red-ui-flow-node-group')).toHaveCount(3);
    await frame.locator('#red-ui-workspace-chart').click({ position: { x: 400, y: 300 } });

    await frame.locator('.red-ui-flow-node-group').filter({ hasText: 'reverse' }).dblclick();
    const editor = frame.locator('#node-input-func-editor .view-lines');
    await expect(editor).toContainText('msg.payload');
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\nmsg.payload = msg.payload.toUpperCase();\nreturn msg;');
    // The editor draws what was typed a frame later: all of it has to be there.
    await expect(editor).toContainText(/return\smsg;/);
    const tokens = frame.locator('#node-input-func-editor .view-line span[class^=mtk]');
    // Colours come later than the text.
    await expect(tokens.filter({ hasText: /^return$/ })).toHaveCount(1);
    await expect(tokens.last()).toHaveText(/msg;$/);
    const coloured = await tokens.allInnerTexts();
    await waitForMonaco(view);
    await frame.locator('#node-dialog-ok').click();
    await frame.locator('#node-input-func-editor').waitFor({ state: 'detached' });

    await openDebugSidebar(view);
    await deploy(view);
    await view.screenshot('deployed');
    await frame.locator('.red-ui-flow-node-button-button').first().click();
    const message = frame.locator('.red-ui-debug-msg-payload');
    await expect(message).toHaveCount(1);
    return { coloured, payload: await message.innerText() };
  },
});

const importedFlow = [
  {
    id: 'b1',
    type: 'inject',
    name: 'start',
    props: [{ p: 'payload' }],
    payload: 'lock',
    payloadType: 'str',
    repeat: '',
    crontab: '',
    once: false,
    onceDelay: 0.1,
    topic: '',
    x: 140,
    y: 80,
    wires: [['b2']],
  },
  {
    id: 'b2',
    type: 'function',
    name: 'reverse',
    func: "msg.payload = [...msg.payload].reverse().join('');",
    outputs: 1,
    x: 300,
    y: 80,
    wires: [['b3']],
  },
  {
    id: 'b3',
    type: 'debug',
    name: 'end',
    active: true,
    tosidebar: true,
    complete: 'payload',
    targetType: 'msg',
    x: 460,
    y: 80,
    wires: [],
  },
];

/** @module Node-RED through Culvert: nodes are dragged, wired and deployed, and the message comes over the WebSocket. */
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';
import { buildFlow, deploy, openDebugSidebar, openEditor, readDebugMessage } from './node-red-editor.js';
import { startNodeRed, type NodeRedSite } from './node-red.js';

sideBySide<NodeRedSite>('Node-RED deploys a flow and shows its debug message', {
  site: startNodeRed,
  reset: (site) => site.reset(),
  async steps(view, site) {
    await openEditor(view, site.origin);
    const opened = { text: await view.text('#red-ui-palette'), url: await view.url(), title: await view.frame.title() };
    await view.screenshot('editor');
    const button = await buildFlow(view);
    await view.screenshot('wired');
    await openDebugSidebar(view);
    await deploy(view);
    await button.click();
    return { opened, ...(await readDebugMessage(view)) };
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

/** @module A socket.io chat through Culvert: three tabs in two rooms, messages of text and bytes, a server that starts again. */
import type { ChatSite } from './chat.js';
import { startChat } from './chat.js';
import { expect } from '../support/proxied-page.js';
import { sideBySide } from '../support/side-by-side.js';
import type { SiteView } from '../support/site-view.js';

/** Opens the chat and waits until its connection has become a WebSocket. */
async function join(view: SiteView, site: ChatSite, who: string, room: string): Promise<void> {
  await view.open(`${site.origin}/?who=${who}&room=${room}`);
  await expectState(view, 'connected, 1, websocket');
}

async function expectState(view: SiteView, state: string): Promise<void> {
  await expect(view.frame.locator('#state')).toHaveText(state);
}

async function say(view: SiteView, text: string): Promise<void> {
  await view.frame.getByLabel('Message').fill(text);
  await view.frame.getByRole('button', { name: 'Send' }).click();
  await expectState(view, `the server heard ${text.length}`);
}

async function expectMessages(view: SiteView, messages: string[]): Promise<void> {
  await expect(view.frame.locator('#messages li')).toHaveText(messages);
}

sideBySide<ChatSite>(
  'tabs of a socket.io chat hear each other, in their rooms, and again after the server has restarted',
  {
    site: startChat,
    async steps(view, site) {
      const [ben, cleo] = [await view.openTab(), await view.openTab()];
      await join(view, site, 'Ada', 'upper');
      await join(ben, site, 'Ben', 'upper');
      await join(cleo, site, 'Cleo', 'lower');

      await say(view, 'Is the gate open?');
      await say(cleo, 'Nobody here.');
      await say(ben, 'Grüße, es ist offen 🚪');
      const heard = ['Ada: Is the gate open?', 'Ben: Grüße, es ist offen 🚪'];
      await expectMessages(view, heard);
      await expectMessages(ben, heard);
      await expectMessages(cleo, ['Cleo: Nobody here.']);
      await view.page.bringToFront();
      await view.screenshot('both have spoken');

      const buffer = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251));
      await ben.frame.getByLabel('Picture').setInputFiles({ name: 'gate.bin', mimeType: 'image/x-gate', buffer });
      await ben.frame.getByRole('button', { name: 'Send' }).click();
      const sum = buffer.reduce((total, byte) => total + byte, 0);
      await expectState(ben, `the server counted ${sum}`);
      heard.push(`Ben: gate.bin, ArrayBuffer of 50000, ${sum}`);
      await expectMessages(view, heard);

      await site.restart();
      await expectState(view, 'connected, 2, websocket');
      await expectState(ben, 'connected, 2, websocket');
      await say(view, 'Still there?');
      await expectMessages(ben, [...heard.slice(0, 2), 'Ada: Still there?']);
      const transports = await Promise.all(
        [view, ben].map((tab) => tab.frame.evaluate(() => (window as any).transports)),
      );
      // The cookie of the handshake is HttpOnly.
      const cookie = await view.frame.evaluate(() => (0, eval)('document.cookie') as string);
      return { transports, cookie, text: await view.text(), url: await view.url() };
    },
  },
);

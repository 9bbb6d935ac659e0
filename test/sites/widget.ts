/** @module A shop whose page loads a widget's script, the widget's own site, and a third one: at one port, told apart by host. */
import path from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startSiteInProcess, type Site } from '../support/site.js';
import { serveStaticFile } from '../support/static-files.js';

export interface WidgetSite extends Site {
  /** The widget's own. */
  readonly widget: string;
}

const fixtures = path.join(import.meta.dirname, 'widget/fixtures');
const penpal = path.join(import.meta.dirname, '../node_modules/penpal/dist');

/** Names under `localhost`: a `Secure` cookie, as a partitioned one has to be, is taken from there over http:. */
export async function startWidget(): Promise<WidgetSite> {
  const site = await startSiteInProcess('shop.localhost', serve);
  return { ...site, widget: `http://widget.localhost:${site.port}` };
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { host = '', cookie = '' } = request.headers;
  const [name = '', port] = host.split(':');
  if (request.url === '/embed-tag.js') {
    // As the shop's own template would write the tag.
    const at = (site: string) => `http://${site}.localhost:${port}`;
    const script = `document.write('<script src="${at('widget')}/embed.js"><\\/script>');
window.sites = { widget: '${at('widget')}', elsewhere: '${at('elsewhere')}' };`;
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  } else if (request.url === '/visit') {
    // The number that the cookie holds, and one more for the next visit.
    const visits = Number(/visits=(\d+)/.exec(cookie)?.[1] ?? 0);
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'set-cookie': `visits=${visits + 1}; Path=/; Secure; SameSite=None; Partitioned`,
      })
      .end(JSON.stringify(visits));
  } else {
    const folder = name.replace('.localhost', '');
    serveStaticFile([path.join(fixtures, folder), penpal], request, response);
  }
}

/** @module What object and embed elements show: no browser asks a service worker for it. */
import { sideBySide } from './support/side-by-side.js';
import { startSiteInProcess } from './support/site.js';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="60"><rect width="100" height="60" fill="teal"/></svg>';
const files: Record<string, [type: string, body: string]> = {
  '/': [
    'text/html; charset=utf-8',
    `<!doctype html><link rel=icon href=data:,><body style="background: white">
     <object data=/picture.svg type=image/svg+xml width=100 height=60></object>
     <embed src=/picture.svg type=image/svg+xml width=100 height=60>
     <object data=/page width=200 height=60></object>`,
  ],
  '/picture.svg': ['image/svg+xml', picture],
  '/page': [
    'text/html; charset=utf-8',
    '<!doctype html><body style="margin: 0; background: gold"><script>document.body.append(location.pathname)</script>',
  ],
};

sideBySide('pictures and pages in object and embed elements are shown', {
  site: () =>
    startSiteInProcess('objects.test', (request, response) => {
      const file = files[request.url!];
      if (!file) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
    }),
  async steps(view, site) {
    await view.open(`${site.origin}/`);
    const paths = () => view.page.frames().map((frame) => decodeURIComponent(frame.url()).replace(/.*\//, ''));
    const shown = async () => {
      const found = paths().filter((path) => path === 'page' || path === 'picture.svg');
      // Through Culvert each is in a frame of its own inside of what the element shows.
      return found.length === (view.kind === 'direct' ? 3 : 6);
    };
    while (!(await shown())) await view.page.waitForEvent('framenavigated');
    await view.page.waitForLoadState('load');
    await view.screenshot('objects');
    return { colours: await view.page.evaluate(() => document.querySelectorAll('object, embed').length) };
  },
});

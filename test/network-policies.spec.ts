/** @module What only a browser shows of the network rules: the same answers direct and proxied. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from './support/proxied-page.js';
import { startSiteInProcess, type Site } from './support/site.js';
import type { SiteView } from './support/site-view.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
type Headers = Record<string, string | string[]>;

const answer =
  (type: string, body: string, headers: Headers = {}): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type, ...headers });
    response.end(body);
  };

const page = (body: string, headers: Headers = {}): Answer =>
  answer(
    'text/html; charset=utf-8',
    `<!doctype html><html lang=en><title>Rules</title><link rel=icon href=data:,>${body}`,
    headers,
  );

async function startTwoSites(answers: Record<string, Answer>): Promise<Site & { other: string }> {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url!.split('?')[0]!;
    const found = answers[path];
    if (found) return found(request, response);
    response.writeHead(404).end();
  };
  const site = await startSiteInProcess('rules.test', listener);
  return { ...site, close: () => site.close(), other: `http://other-rules.test:${site.port}` };
}

interface Rules {
  site: () => Promise<Site & { other: string }>;
  steps: (view: SiteView, site: Site & { other: string }) => Promise<unknown>;
}

/** The console is not compared: the browser words its refusals by the policies that it was given. */
function agrees(title: string, { site: start, steps }: Rules): void {
  test(title, async ({ direct, proxied }) => {
    const site = await start();
    try {
      const expected = await steps(direct, site);
      expect(await steps(proxied, site)).toEqual(expected);
    } finally {
      await site.close();
    }
  });
}

const hidden = 'document.title = location.pathname';
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

agrees('CORS, response types and modes of fetch', {
  site: () =>
    startTwoSites({
      '/': page('<p>fetch'),
      '/open': answer('text/plain', 'open', { 'access-control-allow-origin': '*', 'x-own': '1' }),
      '/closed': answer('text/plain', 'closed', { 'x-own': '1' }),
      '/asks': (request, response) => {
        response.writeHead(200, {
          'access-control-allow-origin': request.headers.origin ?? '',
          'access-control-allow-methods': 'PUT',
          'access-control-allow-headers': request.url!.endsWith('?yes') ? 'x-own' : '',
        });
        response.end(request.method);
      },
      '/referrer': (request, response) => response.end((request.headers.referer ?? 'none').replace(/:\d+/, '')),
    }),
  steps: async (view, site) => {
    await view.open(`${site.origin}/`);
    return view.page.evaluate(async (other) => {
      const describe = async (url: string, init?: RequestInit) => {
        try {
          const response = await fetch(url, init);
          const { type, status, ok, statusText } = response;
          const shown = response.url.replace(/:\d+/, '');
          return {
            type,
            status,
            ok,
            statusText,
            shown,
            own: response.headers.get('x-own'),
            text: await response.text(),
          };
        } catch (error) {
          return (error as Error).name;
        }
      };
      return {
        same: await describe('/closed'),
        sameOnly: await describe('/closed', { mode: 'same-origin' }),
        otherForSameOnly: await describe(`${other}/open`, { mode: 'same-origin' }),
        open: await describe(`${other}/open`),
        closed: await describe(`${other}/closed`),
        opaque: await describe(`${other}/closed`, { mode: 'no-cors' }),
        asked: await describe(`${other}/asks?yes`, { method: 'PUT', headers: { 'x-own': '1' } }),
        refused: await describe(`${other}/asks?no`, { method: 'PUT', headers: { 'x-own': '1' } }),
        referrer: await describe('/referrer', { referrer: '/elsewhere' }),
        noReferrer: await describe('/referrer', { referrerPolicy: 'no-referrer' }),
        request: new Request('/x', { referrer: '/elsewhere' }).referrer.replace(/:\d+/, ''),
      };
    }, site.other);
  },
});

const script = 'window.loaded = location.hostname';
const integrity = (text: string) => `sha384-${createHash('sha384').update(text).digest('base64')}`;

agrees('Subresource Integrity of scripts', {
  site: () =>
    startTwoSites({
      '/': page(
        `<script src=/s.js integrity="${integrity(script)}" onload="good = loaded" onerror="good = 'blocked'"></script>` +
          `<script src=/s.js?2 integrity="${integrity('x')}" onload="bad = 'ran'" onerror="bad = 'blocked'"></script>`,
      ),
      '/s.js': answer('text/javascript', script),
    }),
  steps: async (view, site) => {
    await view.open(`${site.origin}/`);
    return view.page.evaluate(() => ({
      good: (window as unknown as Record<string, unknown>).good,
      bad: (window as unknown as Record<string, unknown>).bad,
      attribute: document.querySelector('script[integrity]')!.getAttribute('integrity'),
    }));
  },
});

agrees('a content security policy', {
  site: () =>
    startTwoSites({
      '/': page(
        `<script>violations = []; addEventListener('securitypolicyviolation', (e) => violations.push([e.effectiveDirective, e.blockedURI.replace(/:\\d+/, ''), e.originalPolicy.replace(/:\\d+/, '')].join(' | ')))</script>` +
          `<script>${hidden}</script><script>document.title += ' refused'</script>` +
          `<script nonce=own>window.nonced = location.pathname</script>` +
          `<script src=/s.js></script><img src=/x.png><iframe src=/framed></iframe><iframe id=own src=/framed?own></iframe>`,
        {
          'content-security-policy': [
            `script-src 'self' 'nonce-own' ${hash(hidden)} 'sha256-AAAA' ${hash(
              `violations = []; addEventListener('securitypolicyviolation', (e) => violations.push([e.effectiveDirective, e.blockedURI.replace(/:\\d+/, ''), e.originalPolicy.replace(/:\\d+/, '')].join(' | ')))`,
            )}; img-src 'none'`,
            "frame-src 'none'",
          ],
        },
      ),
      '/s.js': answer('text/javascript', script),
      '/framed': page('<p>framed'),
    }),
  steps: async (view, site) => {
    await view.open(`${site.origin}/`);
    await expect.poll(() => view.page.evaluate('violations.length')).toBe(5);
    return view.page.evaluate(() => {
      const { violations, nonced, loaded } = window as unknown as Record<string, unknown>;
      return { title: document.title, nonced, loaded, violations: (violations as string[]).sort() };
    });
  },
});

agrees('a policy for forms and WebSockets', {
  site: () =>
    startTwoSites({
      '/': page('<form method=post></form>', { 'content-security-policy': "form-action 'self'; connect-src 'self'" }),
      '/sent': page('<h1>sent'),
    }),
  steps: async (view, { origin, other }) => {
    await view.open(`${origin}/`);
    const run = (text: string) => view.page.evaluate<unknown>(`(0, eval)(${JSON.stringify(text)})`);
    await run(`violations = []; addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      violations.push(effectiveDirective + ' ' + blockedURI.replace(/:\\d+/, '')))`);
    const socket = await run(`new Promise((resolve) => {
      const socket = new WebSocket('${other.replace('http', 'ws')}/x');
      socket.onerror = () => resolve(socket.readyState) })`);
    await run(`document.forms[0].action = '${other}/sent'; document.forms[0].submit()`);
    await expect.poll(() => run('violations.length')).toBe(2);
    const violations = await run('violations');
    await run(`document.forms[0].action = '/sent'; document.forms[0].submit()`);
    await expect(view.page.getByRole('heading', { name: 'sent' })).toBeVisible();
    return { socket, violations };
  },
});

agrees('a frame that its site or the page does not let be shown, and the frames beside it', {
  site: () =>
    startTwoSites({
      '/': page('<p>frames', { 'content-security-policy': "frame-src 'self' http://other-rules.test:*" }),
      '/denied': page('<p>denied', { 'x-frame-options': 'SAMEORIGIN' }),
      '/fine': page('<script>parent.postMessage([location.pathname, document.cookie], "*")</script>', {
        'set-cookie': 'seen=1',
      }),
    }),
  steps: async (view, { origin, other }) => {
    await view.open(`${origin}/`);
    return view.page.evaluate<unknown>(
      `(0, eval)(${JSON.stringify(`(async () => {
      const show = async (src) => {
        const frame = document.createElement('iframe');
        frame.src = 'about:blank';
        document.body.append(frame);
        frame.contentWindow.name;
        const loaded = new Promise((resolve) => (frame.onload = resolve));
        frame.src = src;
        await loaded;
        let reached;
        try { reached = frame.contentWindow.location.href.replace(/:[0-9]+/, '') } catch (error) { reached = error.name }
        return [frame.contentDocument === null, reached];
      };
      const said = new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data)));
      return [await show('${other}/denied'), await show('http://third.test/'), await show('/fine'), await said];
    })()`)})`,
    );
  },
});

agrees('what is reported of a content security policy', {
  site: async () => {
    const reports: unknown[] = [];
    const withoutPorts = (text: string) => text.replace(/\.test:\d+/g, '.test');
    const policy = (other: string) => `img-src data:; frame-src 'none'; report-uri /report ${other}/report?second`;
    const site = await startTwoSites({
      '/': (request, response) => {
        const other = `http://other-${request.headers.host}`;
        const headers = {
          'content-security-policy': policy(other),
          'content-security-policy-report-only': `frame-src http://only.test; script-src 'none'; report-uri /report?only`,
        };
        page('<script>1</script><img src=/x.png><iframe src=/framed></iframe>', headers)(request, response);
      },
      '/framed': page('<p>framed'),
      '/reports': (request, response) => {
        response.end(JSON.stringify(reports));
        if (request.url!.endsWith('?last')) reports.length = 0;
      },
      '/report': (request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += String(chunk)));
        request.on('end', () => {
          const report = (JSON.parse(withoutPorts(body)) as Record<string, Record<string, unknown>>)['csp-report']!;
          // The place in the source is that of rewritten markup.
          const rest = Object.fromEntries(Object.entries(report).filter(([name]) => !/^(?:line|column)-/.test(name)));
          reports.push([request.url, request.method, request.headers['content-type'], rest]);
          response.writeHead(204).end();
        });
      },
    });
    return site;
  },
  steps: async (view, { origin }) => {
    await view.open(`${origin}/`);
    const read = async (query = '') =>
      (await (await fetch(`http://127.0.0.1:${new URL(origin).port}/reports${query}`)).json()) as [
        string,
        ...unknown[],
      ][];
    await expect.poll(async () => (await read()).length).toBe(6);
    return (await read('?last')).map((report) => JSON.stringify(report)).sort();
  },
});

agrees('a policy for forms that are sent by GET', {
  site: () =>
    startTwoSites({
      '/': page('<form><input name=a value=1><button>Send</button></form><form id=other action=/sent></form>', {
        'content-security-policy': "form-action 'self'",
      }),
      '/none': page('<form></form>', { 'content-security-policy': "form-action 'none'" }),
      '/sent': page('<h1>sent'),
    }),
  steps: async (view, { origin, other }) => {
    const run = (text: string) => view.page.evaluate<unknown>(`(0, eval)(${JSON.stringify(text)})`);
    const watch = `violations = []; addEventListener('securitypolicyviolation', (event) =>
      violations.push([event.effectiveDirective, event.blockedURI, event.originalPolicy, event.isTrusted].join(' ').replace(/:\\d+/g, '')))`;
    await view.open(`${origin}/none`);
    await run(`${watch}; document.forms[0].submit()`);
    await expect.poll(() => run('violations.length')).toBe(1);
    const none = await run('violations');
    await view.open(`${origin}/`);
    await run(`${watch}; document.forms[0].action = '${other}/sent'; document.forms[0].submit()`);
    await expect.poll(() => run('violations.length')).toBe(1);
    await run(`document.querySelector('button').click()`);
    await expect.poll(() => run('violations.length')).toBe(2);
    const violations = await run('violations');
    await run(`document.forms[0].action = '/sent'; setTimeout(() => document.querySelector('button').click())`);
    await expect(view.page.getByRole('heading', { name: 'sent' })).toBeVisible();
    return { none, violations, url: await run(`location.pathname + location.search`) };
  },
});

agrees('a policy for the base URL, in markup and by script', {
  site: () => {
    const headers = { 'content-security-policy': "base-uri 'self'" };
    return startTwoSites({
      '/': (request, response) =>
        page(
          `<script>violations = []; addEventListener('securitypolicyviolation', (event) =>
            violations.push([event.effectiveDirective, event.blockedURI, event.originalPolicy].join(' ').replace(/:\d+/g, '')))</script>` +
            `<base href=http://other-${request.headers.host}/elsewhere/><a href=x>x</a>`,
          headers,
        )(request, response),
      '/script': page('<a href=x>x</a>', headers),
    });
  },
  steps: async (view, { origin, other }) => {
    const run = (text: string) => view.page.evaluate<unknown>(`(0, eval)(${JSON.stringify(text)})`);
    const read = `[document.querySelector('a').href, document.querySelector('base').getAttribute('href')].map((url) => url.replace(/:\\d+/, ''))`;
    await view.open(`${origin}/`);
    const markup = await run(read);
    await view.open(`${origin}/script`);
    await run(`violations = []; addEventListener('securitypolicyviolation', (event) =>
      violations.push([event.effectiveDirective, event.blockedURI.replace(/:\\d+/, ''), event.originalPolicy].join(' ')));
      base = document.createElement('base'); base.href = '${other}/elsewhere/'; document.head.prepend(base)`);
    await expect.poll(() => run('violations.length')).toBe(1);
    const script = await run(`[${read}, violations]`);
    await run(`base.href = '/here/'`);
    return { markup, script, allowed: await run(read) };
  },
});

agrees('a policy that a frame requires of its document', {
  site: () => {
    const inside = `<script>
      let domain = 'set';
      try { document.domain = document.domain } catch (error) { domain = error.name }
      parent.postMessage([location.pathname, domain], '*');
    </script>`;
    const frame = (path: string, policy: string) =>
      `<iframe csp="${policy}" src=http://other-rules.test:PORT${path}></iframe>`;
    return startTwoSites({
      '/': (request, response) =>
        page(
          `<script>messages = []; addEventListener('message', ({ data }) => messages.push(data.join(' ')))</script>` +
            (
              frame('/agrees', 'sandbox allow-scripts allow-same-origin') +
              frame('/agrees?no-scripts', "script-src 'none'") +
              frame('/refuses', "img-src 'none'") +
              frame('/strict', "img-src 'none'") +
              frame('/echo', 'img-src https:')
            ).replaceAll('PORT', request.headers.host!.split(':')[1]!),
        )(request, response),
      '/agrees': page(inside, { 'allow-csp-from': '*' }),
      '/refuses': page(inside),
      '/strict': page(inside, { 'content-security-policy': "default-src 'none'; script-src 'unsafe-inline'" }),
      '/echo': (request, response) =>
        page(
          `<script>parent.postMessage(['asked for', ${JSON.stringify(request.headers['sec-required-csp'])}], '*')</script>`,
          {
            'allow-csp-from': '*',
          },
        )(request, response),
    });
  },
  steps: async (view, { origin }) => {
    await view.open(`${origin}/`);
    const run = (text: string) => view.page.evaluate<unknown>(`(0, eval)(${JSON.stringify(text)})`);
    await expect.poll(() => run('messages.length')).toBe(3);
    const shown = await run(`[...document.querySelectorAll('iframe')].map((frame) => {
      try { return frame.contentWindow.location.href } catch (error) { return error.name }
    })`);
    return [await run('messages.sort()'), shown, await run(`document.querySelector('iframe').csp`)];
  },
});

agrees('documents whose origin a sandbox makes opaque, by a frame and by a policy', {
  site: () => {
    const inside = `<script>(async () => {
      const get = (url) => fetch(url).then((response) => response.text(), (error) => error.name);
      let cookie;
      try { cookie = document.cookie } catch (error) { cookie = error.name }
      parent.postMessage([location.pathname, origin, cookie, await get('/own'), await get('/null')], '*');
    })()</script>`;
    return startTwoSites({
      '/': page(
        `<script>messages = []; addEventListener('message', ({ data, origin }) => messages.push([data, origin]))</script>` +
          '<iframe sandbox=allow-scripts src=/in-frame></iframe>',
        { 'set-cookie': 'a=1' },
      ),
      '/in-frame': page(inside),
      '/by-script': page(inside),
      '/redirected': (_request, response) => response.writeHead(302, { location: '/by-script' }).end(),
      '/by-policy': page(inside, { 'content-security-policy': 'sandbox allow-scripts' }),
      '/own': answer('text/plain', 'own'),
      '/null': (request, response) => {
        response.writeHead(200, { 'access-control-allow-origin': 'null' });
        response.end(`${request.headers.origin} ${request.headers.cookie ?? 'without cookie'}`);
      },
    });
  },
  steps: async (view, { origin }) => {
    await view.open(`${origin}/`);
    const run = (text: string) => view.page.evaluate<unknown>(`(0, eval)(${JSON.stringify(text)})`);
    await expect.poll(() => run('messages.length')).toBe(1);
    await run(`frame = document.createElement('iframe'); frame.src = '/redirected'; frame.sandbox = 'allow-scripts';
      document.body.append(frame)`);
    await expect.poll(() => run('messages.length')).toBe(2);
    await run(`other = document.createElement('iframe'); other.src = '/by-policy'; document.body.append(other)`);
    await expect.poll(() => run('messages.length')).toBe(3);
    return run('messages');
  },
});

agrees("a document that its site's own service worker answers with has the policies of its site", {
  site: async () => {
    const script = 'addEventListener("fetch", (event) => event.respondWith(fetch(event.request)))';
    const answers: Record<string, Answer> = {
      '/': page('<p>plain'),
      '/seen.txt': answer('text/plain', 'seen'),
      '/sw.js': answer('text/javascript', script),
      '/guarded': page('<p>guarded', { 'content-security-policy': "connect-src 'none'", 'referrer-policy': 'origin' }),
    };
    // Service workers are for secure sites alone.
    const site = await startSiteInProcess('rules.localhost', (request, response) => {
      const found = answers[request.url!];
      return found ? found(request, response) : response.writeHead(404).end();
    });
    return { ...site, other: '' };
  },
  steps: async (view, { origin }) => {
    const run = (text: string) =>
      view.page.evaluate<unknown>(`(0, eval)(${JSON.stringify(`(async () => {${text}})()`)})`);
    await view.open(`${origin}/`);
    await run(`const { active, waiting, installing } = await navigator.serviceWorker.register('/sw.js');
      const worker = active ?? waiting ?? installing;
      if (worker.state !== 'activated') await new Promise((resolve) =>
        worker.addEventListener('statechange', () => worker.state === 'activated' && resolve()))`);
    await view.open(`${origin}/guarded`);
    return run(`const told = new Promise((resolve) => addEventListener('securitypolicyviolation', (event) =>
        resolve([event.effectiveDirective, event.originalPolicy])));
      const failed = await fetch('/seen.txt').catch((error) => error.name);
      return [navigator.serviceWorker.controller !== null, failed, await told]`);
  },
});

agrees('cross-origin isolation', {
  site: () =>
    startTwoSites({
      '/': page('<script src=/s.js></script><p>isolated', {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      }),
      '/s.js': answer('text/javascript', script),
      '/other.js': answer('text/javascript', 'window.other = 1'),
    }),
  steps: async (view, site) => {
    await view.open(`${site.origin}/`);
    return view.page.evaluate(async (other) => {
      const blocked = await new Promise((resolve) => {
        const element = document.createElement('script');
        element.onload = () => resolve(false);
        element.onerror = () => resolve(true);
        element.src = `${other}/other.js`;
        document.head.append(element);
      });
      return { blocked, loaded: (window as unknown as { loaded: string }).loaded };
    }, site.other);
  },
});

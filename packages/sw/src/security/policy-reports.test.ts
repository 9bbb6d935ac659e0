import { beforeEach, expect, it, vi } from 'vitest';
import type { HeaderPair } from '@culvert/bare-client';
import { createTestWorker, fetchEvent, headerOf, navigation, origin, route } from '../fetch/fetch.test-support.js';
import { handleFetch } from '../fetch/handle-fetch.js';
import { reportFile, reportUrl, type Disposition } from './policy-reports.js';

beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}));

/** A worker that shows `https://a.test/dir/page` with these headers. */
async function openPage(...headers: HeaderPair[]) {
  const worker = createTestWorker({
    clients: [{ id: 'page', url: route('https://a.test/dir/page') }],
    answer: { headers: [['content-type', 'text/html'], ...headers], body: '<p>x' },
  });
  const { services, sent } = worker;
  const document = await handleFetch(navigation('https://a.test/dir/page', { resultingClientId: 'page' }), services);
  const browserReports = async (report: unknown, disposition: Disposition = 'enforce', place = 0) => {
    const event = fetchEvent(reportUrl(`${origin}/service/~/`, 'page', disposition, place), {
      method: 'POST',
      destination: 'report',
      clientId: 'page',
      body: typeof report === 'string' ? report : JSON.stringify({ 'csp-report': report }),
    });
    const response = await services.policyReports.forward(event);
    await Promise.all(event.work);
    return response.status;
  };
  const reports = () =>
    sent
      .filter(({ init }) => init.method === 'POST')
      .map(({ url, headers, init }) => ({
        url,
        type: headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1],
        body: JSON.parse(init.body as string) as Record<string, Record<string, unknown>>,
      }));
  return { ...worker, document, browserReports, reports };
}

const found = {
  'document-uri': route('https://a.test/dir/page'),
  referrer: '',
  'violated-directive': 'img-src',
  'effective-directive': 'img-src',
  'original-policy': 'the translated one',
  disposition: 'enforce',
  'blocked-uri': 'https://b.test/x.png',
  'source-file': route('https://a.test/dir/page'),
  'line-number': 4,
  'status-code': 200,
  'script-sample': '',
};

it('lets the browser report to the worker alone', async () => {
  const { document } = await openPage(['Content-Security-Policy', "img-src 'none'; report-uri /r https://r.test/r"]);
  const policy = document.headers.get('content-security-policy')!;
  expect(policy).toContain(`report-uri ${origin}/service/~/${reportFile}?client=page&disposition=enforce&place=0`);
  expect(policy).not.toContain('r.test');
});

it("sends a report of the browser's on, with the site's URLs and policy", async () => {
  const { browserReports, reports, sent } = await openPage([
    'Content-Security-Policy',
    "img-src 'none'; report-uri r https://r.test/r",
  ]);
  expect(await browserReports(found)).toBe(204);
  expect(reports().map(({ url, type }) => [url, type])).toEqual([
    ['https://a.test/dir/r', 'application/csp-report'],
    ['https://r.test/r', 'application/csp-report'],
  ]);
  expect(reports()[0]!.body['csp-report']).toEqual({
    ...found,
    'document-uri': 'https://a.test/dir/page',
    'source-file': 'https://a.test/dir/page',
    'original-policy': "img-src 'none'; report-uri r https://r.test/r",
  });
  expect(headerOf(sent[2], 'origin')).toBe('https://a.test');
  expect(headerOf(sent[2], 'sec-fetch-dest')).toBe('report');
  expect(headerOf(sent[2], 'referer')).toBe('https://a.test/');
});

it('sends cookies with reports to its own origin alone', async () => {
  const { services, browserReports, sent } = await openPage([
    'Content-Security-Policy',
    "img-src 'none'; report-uri /r https://r.test/r",
  ]);
  for (const host of ['a.test', 'r.test']) {
    services.cookies.jar.setCookie('a=1; SameSite=None; Secure', `https://${host}/`, {
      http: true,
      partition: 'https://a.test',
    });
  }
  await browserReports(found);
  expect([headerOf(sent[1], 'cookie'), headerOf(sent[2], 'cookie')]).toEqual(['a=1', undefined]);
});

it('reports to what report-to names, in the shape of the Reporting API', async () => {
  const { browserReports, reports } = await openPage(
    ['Reporting-Endpoints', 'other="/o", main="https://r.test/to"'],
    ['Content-Security-Policy-Report-Only', "img-src 'none'; report-to main; report-uri /old"],
  );
  await browserReports({ ...found, disposition: 'report' }, 'report');
  expect(reports()).toMatchObject([
    {
      url: 'https://r.test/to',
      type: 'application/reports+json',
      body: [
        {
          type: 'csp-violation',
          url: 'https://a.test/dir/page',
          body: { blockedURL: 'https://b.test/x.png', effectiveDirective: 'img-src', disposition: 'report' },
        },
      ],
    },
  ]);
});

it('knows the older Report-To', async () => {
  const { browserReports, reports } = await openPage(
    ['Report-To', '{"group":"g","max_age":1,"endpoints":[{"url":"https://r.test/g"}]}'],
    ['Content-Security-Policy', "img-src 'none'; report-to g"],
  );
  await browserReports(found);
  expect(reports().map(({ url }) => url)).toEqual(['https://r.test/g']);
});

it.each([
  ['an endpoint that nothing names', ['Reporting-Endpoints', 'x="/o"'], "img-src 'none'; report-to main"],
  [
    'an endpoint that is not secure',
    ['Reporting-Endpoints', 'main="http://r.test/"'],
    "img-src 'none'; report-to main",
  ],
  ['malformed endpoints', ['Reporting-Endpoints', 'main=, "'], "img-src 'none'; report-to main"],
  ['Report-To that is no JSON', ['Report-To', '{main'], "img-src 'none'; report-to main"],
  ['a URL that does not parse', ['x', 'y'], "img-src 'none'; report-uri http://"],
  ['a URL of another scheme', ['x', 'y'], "img-src 'none'; report-uri data:,x"],
  ['mixed content', ['x', 'y'], "img-src 'none'; report-uri http://r.test/r"],
] as [string, HeaderPair, string][])('reports nothing to %s', async (_title, header, policy) => {
  const { browserReports, reports } = await openPage(header, ['Content-Security-Policy', policy]);
  expect(await browserReports(found)).toBe(204);
  expect(reports()).toEqual([]);
});

it.each([
  ['what is no JSON', '{', 0],
  ['what is no report', '{"csp-report":1}', 0],
  ['a policy that is not there', found, 7],
  ['far too much', { ...found, 'script-sample': 'x'.repeat(200_000) }, 0],
])('sends nothing on of %s', async (_title, report, place) => {
  const { browserReports, reports } = await openPage(['Content-Security-Policy', "img-src 'none'; report-uri /r"]);
  expect(await browserReports(report, 'enforce', place)).toBe(204);
  expect(reports()).toEqual([]);
});

it('reports what the worker has found by itself', async () => {
  const { services, reports } = await openPage(['Content-Security-Policy', "frame-src 'none'; report-uri /r"]);
  const event = navigation('https://b.test/', {
    destination: 'iframe',
    referrer: route('https://a.test/dir/page'),
    resultingClientId: 'frame',
  });
  await handleFetch(event, services);
  await Promise.all(event.work);
  expect(reports()).toMatchObject([
    {
      url: 'https://a.test/r',
      body: { 'csp-report': { 'blocked-uri': 'https://b.test/', 'effective-directive': 'frame-src' } },
    },
  ]);
});

it('does not report by a policy of markup', async () => {
  const worker = createTestWorker({
    clients: [{ id: 'page', url: route('https://a.test/') }],
    answer: {
      headers: [['content-type', 'text/html']],
      body: `<meta http-equiv=Content-Security-Policy content="frame-src 'none'; report-uri /r">`,
    },
  });
  const { services, sent } = worker;
  const page = await handleFetch(navigation('https://a.test/', { resultingClientId: 'page' }), services);
  await page.text();
  const event = navigation('https://b.test/', { destination: 'iframe', referrer: route('https://a.test/') });
  expect((await handleFetch(event, services)).status).toBe(403);
  await Promise.all(event.work);
  expect(sent).toHaveLength(1);
});

it('goes on where a report cannot be sent', async () => {
  const { services, browserReports } = await openPage(['Content-Security-Policy', "img-src 'none'; report-uri /r"]);
  services.bare.fetch = async () => Promise.reject(new Error('no network'));
  expect(await browserReports(found)).toBe(204);
});

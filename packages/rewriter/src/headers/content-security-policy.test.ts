import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { UrlSettings } from '../url/index.js';
import {
  admitsByHash,
  admitsUrl,
  effectiveDirective,
  matchesSources,
  parsePolicies,
  parsePolicy,
  serializePolicy,
  translatePolicy,
} from './content-security-policy.js';

const settings: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const translation = {
  documentUrl: 'https://a.test/dir/page',
  settings,
  nonce: 'N',
  bareServer: 'http://localhost:8080/bare/',
  runtimeScript: 'http://localhost:8080/culvert.runtime.js',
};
const translate = (policy: string) => parsePolicy(translatePolicy(parsePolicy(policy), translation));

it('reads a list of policies, the first directive of a name, and any spaces', () => {
  const policies = parsePolicies(" IMG-SRC  'self'\t*; img-src x;; , , script-src 'none'");
  expect(policies.map(serializePolicy)).toEqual(["img-src 'self' *", "script-src 'none'"]);
});

it('turns self into the origin of the site', () => {
  expect(translate("img-src 'self'").get('img-src')).toContain('https://a.test');
});

it("admits the service worker's answers where the engine takes its script for their URL", () => {
  const answerUrl = 'http://localhost:8080/culvert.sw.js';
  const policy = parsePolicy("connect-src 'self'; img-src 'none'");
  const translated = translatePolicy(policy, { ...translation, settings: { ...settings, answerUrl } });
  expect(translated.split(';').map((directive) => directive.includes(answerUrl))).toEqual([true, true]);
});

it('matches hosts without a scheme with the scheme of the document', () => {
  expect(translate('img-src b.test *.c.test:8443 http://d.test * data:').get('img-src')!.slice(0, 5)).toEqual([
    'https://b.test',
    'https://*.c.test:8443',
    'http://d.test',
    '*',
    'data:',
  ]);
});

it('admits our own script by a nonce, but not where that would take unsafe-inline away', () => {
  expect(translate("script-src 'self'").get('script-src')).toContain("'nonce-N'");
  expect(translate("script-src 'unsafe-inline'").get('script-src')).not.toContain("'nonce-N'");
  expect(translate("script-src 'unsafe-inline' 'nonce-x'").get('script-src')).toContain("'nonce-N'");
  expect(translate("default-src 'none'").get('default-src')).toContain("'nonce-N'");
});

it('leaves frames, workers and the like to the worker', () => {
  const policy = translate("default-src 'none'; frame-src https://b.test; base-uri 'none'; report-uri /x");
  expect(policy.get('frame-src')).toEqual(["'self'"]);
  expect(policy.get('worker-src')).toEqual(["'self'"]);
  expect(policy.get('manifest-src')).toEqual(["'self'"]);
  expect([policy.has('base-uri'), policy.has('report-uri')]).toEqual([false, false]);
});

it('lets forms go to the routes of documents alone, so that one with a route of another class is blocked', () => {
  const routes = ['http://localhost:8080/service/html/', 'http://localhost:8080/service/sandbox/'];
  expect(translate("form-action 'none'").get('form-action')).toEqual(routes);
});

it('says where the browser is to report to, if the site is to be told', () => {
  const reporting = { ...translation, reportUrl: 'http://localhost:8080/service/~/report' };
  const translated = (policy: string) => parsePolicy(translatePolicy(parsePolicy(policy), reporting));
  expect(translated("img-src 'none'; report-uri /r").get('report-uri')).toEqual([reporting.reportUrl]);
  expect(translated("img-src 'none'; report-to r").get('report-uri')).toEqual([reporting.reportUrl]);
  expect(translated("img-src 'none'").has('report-uri')).toBe(false);
  expect(translated('report-uri /r').size).toBe(0);
});

it('tells what a policy admits, and admits what it does not speak of', () => {
  const admits = (policy: string) => admitsUrl(policy, 'form-action', 'https://b.test/to', 'https://a.test/');
  expect([admits("form-action 'self'"), admits('form-action b.test'), admits("default-src 'none'")]).toEqual([
    false,
    true,
    true,
  ]);
});

it('keeps the blob: and data: frames that the site allows', () => {
  expect(translate('frame-src blob:').get('frame-src')).toEqual(["'self'", 'blob:']);
  expect(translate("default-src 'self'; child-src *").get('frame-src')).toEqual(["'self'"]);
});

it("lets a page's sockets reach the Bare server", () => {
  expect(translate("connect-src 'none'").get('connect-src')).toContain('ws://localhost:8080/bare/');
});

it('lets the runtime load its parsers', () => {
  const policy = "connect-src 'none'; img-src 'none'";
  expect(translate(policy).get('connect-src')).toContain('http://localhost:8080/culvert.runtime.js');
  expect(translate(policy).get('img-src')).not.toContain('http://localhost:8080/culvert.runtime.js');
});

it('admits the Trusted Types policy of the runtime', () => {
  expect(translate("trusted-types 'none'").get('trusted-types')).toEqual(['culvert']);
  expect(translate('trusted-types a').get('trusted-types')).toEqual(['a', 'culvert']);
});

it('keeps a sandboxed document under the worker', () => {
  expect(translate('sandbox allow-scripts').get('sandbox')).toEqual(['allow-scripts', 'allow-same-origin']);
});

it.each<[source: string, url: string, expected: boolean]>([
  ["'none'", 'https://a.test/', false],
  ["'self'", 'https://a.test/x', true],
  ["'self'", 'http://a.test/', false],
  ["'self'", 'wss://a.test/', true],
  ["'self'", 'https://a.test:8443/', false],
  ['*', 'http://b.test:81/', true],
  ['*', 'data:,x', false],
  ['https:', 'https://b.test/', true],
  ['http:', 'https://b.test/', true],
  ['https:', 'http://b.test/', false],
  ['data:', 'data:,x', true],
  ['b.test', 'https://b.test/x', true],
  ['b.test', 'http://b.test/', false],
  ['B.test', 'https://b.test/', true],
  ['b.test', 'https://www.b.test/', false],
  ['*.b.test', 'https://www.b.test/', true],
  ['*.b.test', 'https://b.test/', false],
  ['b.test:8443', 'https://b.test:8443/', true],
  ['b.test:*', 'https://b.test:1/', true],
  ['http://b.test:80', 'https://b.test/', true],
  ['https://b.test/dir/', 'https://b.test/dir/x', true],
  ['https://b.test/dir/', 'https://b.test/dirx', false],
  ['https://b.test/file', 'https://b.test/file?q', true],
  ['https://b.test/file', 'https://b.test/file/x', false],
  ['https://b.test/%66ile', 'https://b.test/file', true],
  ['[::1]', 'https://[::1]/', true],
  ['ws://b.test', 'wss://b.test/', true],
])('matches %s with %s: %s', (source, url, expected) => {
  expect(matchesSources(url, [source], translation.documentUrl)).toBe(expected);
});

it('compares no path after a redirect', () => {
  expect(matchesSources('https://b.test/other', ['https://b.test/file'], 'https://a.test/', true)).toBe(true);
});

it('finds the directive that applies', () => {
  expect(effectiveDirective(parsePolicy('child-src a; default-src b'), 'frame-src')?.name).toBe('child-src');
  expect(effectiveDirective(parsePolicy('script-src a; default-src b'), 'worker-src')?.name).toBe('script-src');
  expect(effectiveDirective(parsePolicy('img-src a'), 'frame-src')).toBeNull();
});

it('admits a script whose hash every policy names', () => {
  const source = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policies = (...texts: string[]) => texts.map((text) => parsePolicy(text));
  const text = 'f(\n)';
  expect(admitsByHash(policies(`script-src ${source(text)}`), 'f(\r\n)')).toBe(true);
  expect(admitsByHash(policies(`default-src ${source(text)} 'self'`, `img-src 'none'`), text)).toBe(true);
  expect(admitsByHash(policies(`script-src ${source(text)}`, "script-src 'self'"), text)).toBe(false);
  expect(admitsByHash(policies(`script-src ${source('g()')}`), text)).toBe(false);
  expect(admitsByHash(policies("script-src 'unsafe-inline'"), text)).toBe(false);
});

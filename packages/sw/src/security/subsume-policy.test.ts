import { expect, it } from 'vitest';
import { encodeRequiredPolicy, parsePolicy } from '@culvert/rewriter';
import { decodeRequiredPolicy } from './required-policy.js';
import { subsumesPolicies } from './subsume-policy.js';

it.each<[required: string, returned: string[], isSubsumed: boolean]>([
  ["img-src 'none'", [], false],
  ["img-src 'none'", ["img-src 'none'"], true],
  ["img-src 'none'", ["frame-src 'none'"], false],
  ["img-src 'none'", ["default-src 'none'"], true],
  ["img-src 'none'", ['img-src https://one.test', 'img-src https://two.test'], true],
  ['img-src https://b.test', ['img-src https://b.test'], true],
  ['img-src https://b.test', ['img-src http://b.test'], false],
  ['img-src http://b.test', ['img-src https://b.test'], true],
  ['img-src https://*.b.test', ['img-src https://x.b.test'], true],
  ['img-src https://*.b.test', ['img-src https://b.test'], false],
  ['img-src https://b.test:*', ['img-src https://b.test:8443'], true],
  ['img-src https://b.test', ['img-src https://b.test:8443'], false],
  ['img-src https://b.test/dir/', ['img-src https://b.test/dir/file'], true],
  ['img-src https://b.test/dir/file', ['img-src https://b.test/dir/'], false],
  ['img-src https:', ['img-src https://b.test'], true],
  ['img-src https://b.test', ['img-src https:'], false],
  ['img-src *', ['img-src https://b.test http:'], true],
  ['img-src https://b.test', ['img-src *'], false],
  ["img-src 'self'", ['img-src https://a.test'], true],
  ['img-src https://a.test', ["img-src 'self'"], true],
  ["script-src 'self'", ["script-src 'self' 'unsafe-inline'"], false],
  ["script-src 'self' 'unsafe-inline'", ["script-src 'self' 'unsafe-inline'"], true],
  ["script-src 'self'", ["script-src 'self' 'unsafe-eval'", "script-src 'self'"], true],
  ["script-src 'nonce-a'", ["script-src 'nonce-b'"], true],
  ["script-src 'self'", ["script-src 'nonce-b'"], false],
  ["script-src 'sha256-a'", ["script-src 'sha256-b'"], false],
  ["default-src 'none'", ["img-src 'none'", "script-src 'unsafe-inline'"], false],
  ['sandbox allow-scripts', ['sandbox'], true],
  ['sandbox', ['sandbox allow-scripts'], false],
  ['sandbox', [], false],
  ['upgrade-insecure-requests', [], false],
  ['upgrade-insecure-requests', ['upgrade-insecure-requests'], true],
  ["unheard-of 'none'", [], true],
])('of "%s" the policies %j are %s', (required, returned, isSubsumed) => {
  expect(subsumesPolicies(parsePolicy(required), returned.map(parsePolicy), 'https://a.test/')).toBe(isSubsumed);
});

it('gives the browser a required policy in a form that it does not enforce', () => {
  const policy = "script-src 'none'; img-src b.test";
  expect(encodeRequiredPolicy(policy)).not.toContain('script-src ');
  expect(decodeRequiredPolicy(encodeRequiredPolicy(policy))).toBe(policy);
});

it.each([
  ['', ''],
  ["img-src 'none', script-src 'none'", ''],
  ["img-src 'none'; report-uri /r", ''],
  ['img-src \u00e9', ''],
])('discards the requirement "%s", as browsers do', (value, expected) => {
  expect(encodeRequiredPolicy(value)).toBe(expected);
});

it.each([null, '', "img-src 'none'", 'culvert-required %E0%A4%A'])('takes "%s" for no requirement', (header) => {
  expect(decodeRequiredPolicy(header)).toBeNull();
});

import { expect, it } from 'vitest';
import type { UrlSettings } from '../url/index.js';
import { attributeRules, dependentAttributes, findAttributeRule, rewriteAttribute } from './attribute-rules.js';
import { mathMlNamespace, svgNamespace } from './namespaces.js';
import { rewriteSrcset } from './srcset.js';

const settings: UrlSettings = { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' };
const context = { baseUrl: 'https://site.example/', settings, getAttribute: () => null };

it('finds a rule by element, attribute and namespace', () => {
  expect(findAttributeRule('iframe', 'src')?.urlClass).toBe('frame');
  expect(findAttributeRule('iframe', 'src', svgNamespace)).toBe(null);
  expect(findAttributeRule('use', 'href', svgNamespace)?.urlClass).toBe('svg-reference');
  expect(findAttributeRule('feImage', 'xlink:href', svgNamespace)?.urlClass).toBe('image');
  expect(findAttributeRule('mi', 'href', mathMlNamespace)?.urlClass).toBe('document');
  expect(findAttributeRule('p', 'title')).toBe(null);
  expect(findAttributeRule('constructor', '__proto__')).toBe(null);
});

it('finds event handlers on every element', () => {
  expect(findAttributeRule('x-y', 'onclick')?.companion).toBe(false);
  expect(findAttributeRule('iframe', 'onload')?.companion).toBe(false);
  expect(findAttributeRule('path', 'onclick', svgNamespace)?.companion).toBe(false);
  expect(findAttributeRule('p', 'on')).toBe(null);
  expect(findAttributeRule('p', 'one-two')).toBe(null);
});

it('gives rules for every element to those with rules of their own', () => {
  expect(findAttributeRule('iframe', 'style')).not.toBe(null);
  expect(findAttributeRule('div', 'style')).not.toBe(null);
  expect(findAttributeRule('use', 'fill', svgNamespace)).not.toBe(null);
});

it('has one rule for each element and attribute', () => {
  const seen = new Set<string>();
  for (const rule of attributeRules) {
    for (const element of rule.elements) {
      for (const attribute of rule.attributes) {
        const key = `${rule.namespace} ${element} ${attribute}`;
        expect(seen.has(key), key).toBe(false);
        seen.add(key);
      }
    }
  }
});

it('names the attributes that depend on another', () => {
  expect(dependentAttributes('link', 'rel')).toEqual(['href', 'integrity']);
  expect(dependentAttributes('script', 'type')).toEqual(['src']);
  expect(dependentAttributes('meta', 'http-equiv')).toEqual(['content']);
  expect(dependentAttributes('p', 'rel')).toEqual([]);
});

it('keeps what was written in the companion', () => {
  const rule = findAttributeRule('iframe', 'src')!;
  expect(rewriteAttribute(rule, 'a', context)).toEqual({
    value: 'http://localhost:8080/service/html/https%3A%2F%2Fsite.example%2Fa',
    companion: 'a',
  });
  expect(rewriteAttribute(rule, 'about:blank', context)).toBe(null);
});

it('never throws and never rewrites twice', () => {
  const values = [
    '',
    ' ',
    'http://[',
    'javascript:',
    'javascript:%',
    'data:',
    'data:,%',
    '%',
    '\ud800',
    '0;url=',
    '5;url=//',
    '(',
    ',',
  ];
  for (const urls of ['real', 'scoped'] as const) {
    for (const rule of attributeRules) {
      for (const value of values) {
        for (const other of [null, '', 'refresh', 'icon', 'module', 'preconnect']) {
          const scopedContext = {
            ...context,
            settings: { ...settings, urls },
            getAttribute: () => other,
            rewriteSrcdoc: String,
          };
          const once = rewriteAttribute(rule, value, scopedContext);
          expect(once === null || once.value !== value).toBe(true);
        }
      }
    }
  }
});

it.each([
  ['a', 'A'],
  [' a 1x , b 2x ', ' A 1x , B 2x '],
  ['a,b', 'A,B'],
  ['a, b', 'A, B'],
  [',,a,,', ',,A,,'],
  ['a (1,2)x, b', 'A (1,2)x, B'],
  ['data:x,y 1x,b', 'DATA:X,Y 1x,B'],
  ['', ''],
  [' , ', ' , '],
])('rewrites the candidates of srcset %j', (value, expected) => {
  expect(rewriteSrcset(value, (url) => url.toUpperCase())).toBe(expected);
});

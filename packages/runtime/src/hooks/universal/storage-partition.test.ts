import { expect, it } from 'vitest';
import { partitionKey } from './storage-partition.js';

it('keys a first party by its origin', () => {
  expect(partitionKey('https://a.example', 'https://a.example')).toBe('https://a.example');
  expect(partitionKey('https://www.a.example:8443', 'https://a.example')).toBe('https://www.a.example:8443');
  expect(partitionKey('http://[::1]:80', 'http://[::1]')).toBe('http://[::1]:80');
});

it('keys a third party by its origin and the top-level site', () => {
  expect(partitionKey('https://ads.example', 'https://a.example')).toBe('https://ads.example^https://a.example');
  expect(partitionKey('https://nota.example', 'https://a.example')).toBe('https://nota.example^https://a.example');
});

it('tells schemes apart', () => {
  expect(partitionKey('http://a.example', 'https://a.example')).toBe('http://a.example^https://a.example');
});

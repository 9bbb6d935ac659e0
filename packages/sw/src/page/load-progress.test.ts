import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LoadProgress, type Progress } from './load-progress.js';

const reports: Progress[] = [];
let progress: LoadProgress;
const message = (stage: 'start' | 'headers' | 'done' | 'error', url: string, clientId = 'c1') =>
  progress.receive({ culvert: 'navigation', stage, url, clientId });

beforeEach(() => {
  vi.useFakeTimers();
  reports.length = 0;
  progress = new LoadProgress((report) => reports.push(report), 10_000);
});
afterEach(() => vi.useRealTimers());

it('grows from the start of a navigation to its end', () => {
  progress.begin('https://a.test/#x');
  message('start', 'https://a.test/');
  message('headers', 'https://a.test/');
  progress.committed();
  progress.interactive();
  progress.end();
  expect(reports.map(({ value }) => value)).toEqual([...reports.map(({ value }) => value)].sort());
  expect(reports.at(-1)).toEqual({ isLoading: false, value: 1 });
  expect(reports.slice(0, -1).every(({ isLoading }) => isLoading)).toBe(true);
});

it('ignores messages about the navigations of others', () => {
  progress.begin('https://a.test/');
  expect(message('headers', 'https://frame.test/', 'c9')).toBe(false);
  expect(reports).toHaveLength(1);
});

it('follows a redirect by the client that it happens in', () => {
  progress.begin('https://a.test/');
  message('start', 'https://a.test/');
  expect(message('headers', 'https://b.test/landed')).toBe(true);
});

it('ends soon after a navigation that became no document', () => {
  progress.begin('https://a.test/file.zip');
  message('start', 'https://a.test/file.zip');
  message('headers', 'https://a.test/file.zip');
  message('done', 'https://a.test/file.zip');
  vi.advanceTimersByTime(2000);
  expect(progress.isLoading).toBe(false);
});

it('goes on when a cancelled navigation was started again', () => {
  progress.begin('https://a.test/');
  progress.cancelled();
  message('start', 'https://a.test/');
  vi.advanceTimersByTime(5000);
  expect(progress.isLoading).toBe(true);
});

it('ends when a navigation is cancelled for good', () => {
  progress.begin('https://a.test/');
  progress.cancelled();
  vi.advanceTimersByTime(1500);
  expect(progress.isLoading).toBe(false);
});

it('never runs for ever', () => {
  progress.begin('https://a.test/');
  vi.advanceTimersByTime(10_001);
  expect(progress.isLoading).toBe(false);
});

it('shows a document that the page opened by itself', () => {
  progress.committed();
  expect(progress.isLoading).toBe(true);
});

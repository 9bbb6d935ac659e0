/**
 * @module
 * One load of a page: Chromium's own times of the frame that shows it, from the moment at which it was asked for.
 */
import { readFileSync } from 'node:fs';

/** Milliseconds until a load counts as failed: a published proxy may not show a site at all. */
const loadLimit = 30_000;

/** By the last part of a measure's name. */
export const units = { firstByte: 'ms', firstPaint: 'ms', load: 'ms', cpu: 'ms', fromSite: 'kB', memory: 'MB' };

/**
 * @param {import('./subjects.mjs').Visit} visit
 * @param target its `url`, and what its scripts show once they have run
 * @param bytesSent of the site, if it counts them
 * @throws where the page does not load
 */
export async function measureLoad(browser, { page, frame, go }, { url, shows }, bytesSent) {
  // What the page before has left to do is not counted.
  await page.waitForTimeout(300);
  const session = await page.context().newCDPSession(page);
  const processes = await browser.newBrowserCDPSession();
  const events = await watchFrame(session, frame() !== page.mainFrame());
  try {
    const cpuBefore = await cpuTime(processes);
    const bytesBefore = bytesSent?.();
    events.start = Number(process.hrtime.bigint()) / 1e9;
    await go(url);
    await whenShown(frame, shows, events, url);
    const cpu = (await cpuTime(processes)) - cpuBefore;
    return {
      firstByte: events.last('response'),
      firstPaint: events.last('firstContentfulPaint'),
      load: events.last('load'),
      cpu: cpu * 1000,
      ...(bytesSent && { fromSite: (bytesSent() - bytesBefore) / 1000 }),
      ...(process.platform === 'linux' && { memory: await memory(processes) }),
    };
  } finally {
    await session.detach();
    await processes.detach();
  }
}

/** From the page itself the way to it again might be one within the document. */
export async function showBlank({ frame, go }, blank) {
  await go(blank);
  const limit = Date.now() + loadLimit;
  const isThere = () => document.readyState === 'complete' && document.title === 'Blank';
  while (Date.now() < limit) {
    // The frame is between two documents.
    const shown = await frame()
      ?.evaluate(isThere)
      .catch(() => false);
    if (shown) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${blank} was not shown within ${loadLimit / 1000} s.`);
}

/** The events of the main frame, or of the frames in it. */
async function watchFrame(session, isChild) {
  const frames = new Set();
  const times = {};
  const events = {
    start: Infinity,
    last(kind) {
      const found = [...frames].map((id) => times[`${id} ${kind}`]).filter((time) => time >= events.start);
      return found.length === 0 ? null : (Math.max(...found) - events.start) * 1000;
    },
  };
  session.on('Page.frameNavigated', ({ frame: { id, parentId } }) => {
    if (isChild === (parentId !== undefined)) frames.add(id);
  });
  session.on('Network.responseReceived', ({ type, frameId, timestamp, response }) => {
    if (type === 'Document' && response.status === 200 && timestamp >= events.start)
      times[`${frameId} response`] = timestamp;
  });
  session.on('Page.lifecycleEvent', ({ frameId, name, timestamp }) => {
    if (timestamp >= events.start) times[`${frameId} ${name}`] = timestamp;
  });
  await session.send('Page.enable');
  await session.send('Network.enable');
  await session.send('Page.setLifecycleEventsEnabled', { enabled: true });
  return events;
}

/** A bootstrap or error page has loaded too: what the page's own scripts show tells it from them. */
async function whenShown(frame, shows, events, url) {
  const limit = Date.now() + loadLimit;
  const isShown = ({ selector, text }) =>
    document.readyState === 'complete' && document.querySelector(selector)?.textContent.includes(text);
  while (Date.now() < limit) {
    // The frame is between two documents, or not there yet.
    const shown = await frame()
      ?.evaluate(isShown, shows)
      .catch(() => false);
    const isSeen = ['response', 'firstContentfulPaint', 'load'].every((kind) => events.last(kind) !== null);
    if (shown && isSeen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} was not shown within ${loadLimit / 1000} s.`);
}

/** Seconds, of all processes of the browser. */
async function cpuTime(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime: seconds }) => sum + seconds, 0);
}

/** Of the processes that run pages and workers, in MB. What they share counts once. */
async function memory(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  let kilobytes = 0;
  for (const { type, id } of processInfo) {
    if (type !== 'renderer') continue;
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))[1]);
    } catch {
      // It has ended since it was listed.
    }
  }
  return kilobytes / 1024;
}

/**
 * @module
 * What a worker in the way costs a document: when the first piece of a slow one can be read, and the start of a worker that the browser
 * has stopped.
 */

/** @returns milliseconds from the start of the navigation until a script in the first piece runs */
export async function measureStream({ frame, go }, url) {
  await go(url);
  const limit = Date.now() + 30_000;
  while (Date.now() < limit) {
    const first = await frame()
      .evaluate(() => document.querySelector('#last') && document.documentElement.dataset.first)
      .catch(() => null);
    if (first) return Number(first);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url} was not read to its end within 30 s.`);
}

/** @returns milliseconds from the start of a navigation to its first byte */
export async function measureStart({ page, go }, url, isStopped) {
  await page.waitForTimeout(300);
  const session = await page.context().newCDPSession(page);
  let start = Infinity;
  const answered = new Promise((resolve) => {
    session.on('Network.responseReceived', ({ type, timestamp }) => {
      if (type === 'Document' && timestamp >= start) resolve(timestamp);
    });
  });
  await session.send('Network.enable');
  await session.send('ServiceWorker.enable');
  if (isStopped) await stopWorkers(session);
  start = Number(process.hrtime.bigint()) / 1e9;
  await go(url);
  const answer = await answered;
  await page.waitForLoadState('load');
  await session.detach();
  return (answer - start) * 1000;
}

async function stopWorkers(session) {
  const running = new Set();
  let changed = () => undefined;
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    for (const { versionId, runningStatus } of versions) {
      if (runningStatus === 'stopped') running.delete(versionId);
      else running.add(versionId);
    }
    changed();
  });
  const stopped = new Promise((resolve) => {
    changed = () => running.size === 0 && resolve();
  });
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await stopped;
}

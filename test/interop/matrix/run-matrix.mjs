/**
 * @module
 * Runs each case in each pairing of a client and a server where it makes sense.
 */
import { clientCases, serverCases } from './index.mjs';
import { findDefect } from './peer-defects.mjs';

/** Client, server, and the versions that the two have in common. */
export const pairings = [
  { client: 'ours', server: 'ours', versions: ['v1', 'v2', 'v3'] },
  { client: 'ours', server: 'server-2.0.6', versions: ['v1', 'v2', 'v3'] },
  // 2.0.6 cannot open WebSockets over v2; 2.0.1 can.
  { client: 'ours', server: 'server-2.0.1', versions: ['v2'], isSocketsOnly: true },
  { client: 'client-2.1.0', server: 'ours', versions: ['v3'] },
  { client: 'client-1.1.1', server: 'ours', versions: ['v1', 'v2'] },
  { client: 'bare-as-module3', server: 'ours', versions: ['v3'] },
  { client: 'raw', server: 'ours', versions: ['v1', 'v2', 'v3'] },
  { client: 'raw', server: 'server-2.0.6', versions: ['v1', 'v2', 'v3'] },
  { client: 'raw', server: 'server-2.0.1', versions: ['v2'], isSocketsOnly: true },
];

export async function runMatrix(world) {
  const missing = await findMissing(world);
  for (const engine of Object.keys(world.engines)) {
    for (const pairing of pairings) {
      if (pairing.client === 'raw' && engine !== 'node') continue;
      for (const version of pairing.versions) await runColumn(world, { ...pairing, engine, version }, missing);
    }
  }
}

/** What ours does not speak (yet), found by asking it. */
async function findMissing(world) {
  const server = await world.servers.get('ours');
  const { versions } = await (await fetch(server.url())).json();
  const missing = new Set();
  for (const version of ['v1', 'v2', 'v3']) {
    if (!versions.includes(version)) missing.add(`server ${version}`);
    const peer = await world.servers.get('server-2.0.6');
    await peer.targets();
    const [clients] = Object.values(world.engines);
    const route = world.origin.serve((_request, response) => response.end('ok'));
    const answer = await clients.fetch('ours', peer.url(version), { url: route.url });
    if (answer.error || !(await peer.targets()).some((target) => target.startsWith(`/bare/${version}/`)))
      missing.add(`client ${version}`);
  }
  world.origin.reset();
  return missing;
}

async function runColumn(world, column, missing) {
  const { client, server, version, engine, isSocketsOnly } = column;
  const { options, report } = world;
  const name = `${engine}: ${client} → ${server} ${version}`;
  if (options.cell && !name.includes(options.cell)) return;
  const lacks =
    (server === 'ours' && missing.has(`server ${version}`)) || (client === 'ours' && missing.has(`client ${version}`));
  for (const test of client === 'raw' ? serverCases : clientCases) {
    if (options.only && !`${test.row}: ${test.id}`.includes(options.only)) continue;
    if (!isApplicable(test, column) || (isSocketsOnly && !test.isSocket)) continue;
    const reason = lacks ? 'not there yet' : test.unless?.(column);
    if (reason) report.add({ suite: 'matrix', column, name, test, outcome: 'skipped', reason });
    else await runCell(world, column, name, test);
  }
}

function isApplicable(test, { client, server, version, engine, versions }) {
  if (test.clients && client !== 'raw' && !test.clients.includes(client)) return false;
  if (test.servers && !test.servers.includes(server)) return false;
  if (test.engines && !test.engines.includes(engine)) return false;
  // What has nothing to do with a version is done in the newest one.
  if (test.isVersionFree) return version === versions.at(-1);
  if (test.versions?.[0] === null) return version === 'v3';
  return !test.versions || test.versions.includes(version);
}

async function runCell(world, column, name, test) {
  const { servers, origin, other, engines, report } = world;
  const { client, server: kind, version, engine } = column;
  const options = test.serverOptions ?? {};
  const server = test.isOwnServer ? await servers.start(kind, options) : await servers.get(kind, options);
  const base = server.url(version);
  const clients = engines[engine];
  const cell = {
    ...column,
    origin,
    other,
    base,
    fetch: (request, url = base) => clients.fetch(client, url, request),
    socket: (request, url = base) => clients.socket(client, url, request),
  };
  cell.server = server;
  const unhandled = [];
  const collect = (error) => unhandled.push(error);
  process.on('unhandledRejection', collect);
  process.on('uncaughtException', collect);
  let observation;
  let fault = null;
  try {
    observation = await withTimeout(test.observe(cell), test.limit ?? 10_000);
    await test.expect(observation, cell);
  } catch (error) {
    fault = error;
  }
  if (unhandled.length > 0 && client === 'ours')
    fault ??= new Error(`unhandled: ${unhandled[0]?.stack ?? unhandled[0]}`);
  process.off('unhandledRejection', collect);
  process.off('uncaughtException', collect);
  if (test.isOwnServer) server.stop();
  origin.reset();
  other.reset();

  const defect = findDefect(test, column);
  const result = { suite: 'matrix', column, name, test, observation, defect };
  if (!defect) report.add({ ...result, outcome: fault ? 'failed' : 'passed', fault });
  else if (!fault)
    report.add({ ...result, outcome: 'failed', fault: new Error(`the defect "${defect.id}" is not shown any more`) });
  else {
    try {
      defect.shows(observation, cell);
      report.add({ ...result, outcome: 'defect', fault });
    } catch (mismatch) {
      report.add({
        ...result,
        outcome: 'failed',
        fault: new Error(`not the defect "${defect.id}": ${mismatch.message}; ${fault.message}`),
      });
    }
  }
}

function withTimeout(promise, milliseconds) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** docs/deploy/culvert.service: systemd finds nothing wrong with it, and its command serves and ends as it says. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { freePort, startProgram, temporaryFolder } from './support.mjs';

const root = path.join(import.meta.dirname, '../..');
const unit = readFileSync(path.join(root, 'docs/deploy/culvert.service'), 'utf8');

it('is a unit that systemd accepts', () => {
  const file = path.join(temporaryFolder(), 'culvert.service');
  // Where Node is, and the project, differs from machine to machine.
  writeFileSync(file, unit.replace('/usr/bin/node', process.execPath).replace('/opt/culvert', root));
  const { stdout, stderr, status, error } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
    encoding: 'utf8',
  });
  expect(error).toBeUndefined();
  // Other units of the machine may have faults of their own.
  const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('culvert.service'));
  expect(about).toEqual([]);
  expect(status).toBe(0);
});

it('runs', async () => {
  const [, command] = /^ExecStart=\/usr\/bin\/node (.*)$/m.exec(unit);
  const [, environment] = /^Environment=(.*)$/m.exec(unit);
  const port = await freePort();
  const variables = Object.fromEntries(environment.split(' ').map((entry) => entry.split('=')));
  const end = await startProgram(process.execPath, command.split(' '), port, {
    cwd: root,
    env: { ...process.env, ...variables, PORT: String(port) },
    stdio: 'ignore',
  });
  expect((await fetch(`http://127.0.0.1:${port}/bare/`)).status).toBe(200);
  await end('SIGTERM');
});

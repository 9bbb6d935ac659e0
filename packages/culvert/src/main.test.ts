import { expect, it } from 'vitest';
import { main } from './main.js';

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await main(args, {
    env: {},
    print: (text) => void (out += `${text}\n`),
    printError: (text) => void (err += `${text}\n`),
  });
  return { code, out, err };
}

it('lists its commands for --help', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: culvert <command>/);
  expect(out).toContain('serve');
});

it('prints its version', async () => {
  expect(await run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

it('describes each option of a command', async () => {
  const { code, out } = await run('serve', '--help');
  expect(code).toBe(0);
  expect(out).toMatch(/--port <number> +port to listen on.*\(PORT; default: 8080\)/);
  expect(out).toMatch(/--resolve .*CULVERT_RESOLVE/s);
});

it('exits with 2 without a command, and for one that there is not', async () => {
  expect(await run()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage') });
  expect(await run('server')).toMatchObject({ code: 2, err: expect.stringContaining('Unknown command server') });
});

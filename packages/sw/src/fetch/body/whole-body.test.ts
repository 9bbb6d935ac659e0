import type { BareResponse } from '@culvert/bare-client';
import { expect, it } from 'vitest';
import { withWholeBody } from './whole-body.js';

interface Case {
  destination: string;
  status?: number;
  length?: string;
  method?: string;
}

async function isTakenWhole({ destination, status = 200, length, method = 'GET' }: Case): Promise<boolean> {
  const headers = new Headers(length === undefined ? {} : { 'content-length': length });
  const remote: BareResponse = Object.assign(new Response('body', { status, headers }), {
    rawHeaders: [],
    finalUrl: '',
  });
  const request = { destination, method } as Request;
  const { wholeBody } = await withWholeBody(remote, {
    request,
    load: destination === 'document' ? 'document' : 'other',
  });
  if (wholeBody) expect(new TextDecoder().decode(wholeBody)).toBe('body');
  return wholeBody !== undefined;
}

it.each<[Case, boolean]>([
  [{ destination: 'style' }, true],
  [{ destination: 'script' }, true],
  [{ destination: 'font' }, true],
  [{ destination: 'image', length: '900' }, true],
  [{ destination: 'image', length: '900000' }, false],
  [{ destination: 'image' }, false],
  [{ destination: 'document' }, false],
  [{ destination: 'video', length: '900' }, false],
  [{ destination: '', length: '900' }, false],
  [{ destination: 'style', status: 206 }, false],
  [{ destination: 'style', method: 'HEAD' }, false],
])('of %j it is %j that the body is taken in one piece', async (answer, expected) => {
  expect(await isTakenWhole(answer)).toBe(expected);
});

it('fails where the body breaks off', async () => {
  const broken = new ReadableStream({ start: (controller) => controller.error(new TypeError('cut')) });
  const remote: BareResponse = Object.assign(new Response(broken), { rawHeaders: [], finalUrl: '' });
  const request = { destination: 'style', method: 'GET' } as Request;
  await expect(withWholeBody(remote, { request, load: 'stylesheet' })).rejects.toThrow('cut');
});

import { expect, it } from 'vitest';
import { resolveOptions } from './options.js';

it('has defaults', () => {
  expect(resolveOptions()).toEqual({ scope: 'service/', bareServers: ['bare/'], isOwnBareServer: true, serveBare: {} });
});

it('takes one Bare server or several', () => {
  expect(resolveOptions({ bareServer: 'https://a.example/' })).toMatchObject({
    bareServers: ['https://a.example/'],
    isOwnBareServer: false,
  });
  expect(resolveOptions({ bareServer: ['a/', 'b/'] }).bareServers).toEqual(['a/', 'b/']);
});

it.each([
  [{ bare: 'x' }, 'bare'],
  [{ scope: 'service' }, 'scope'],
  [{ scope: 'https://a.example/service/' }, 'scope'],
  [{ bareServer: () => 'x' }, 'config'],
])('refuses %j and names what to write', (options, named) => {
  const act = () => resolveOptions(options as object);
  expect(act).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(named) }));
});

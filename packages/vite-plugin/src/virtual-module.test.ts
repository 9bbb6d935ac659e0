import { expect, it } from 'vitest';
import { resolveOptions } from './options.js';
import { virtualModuleCode } from './virtual-module.js';

it('gives the proxy the scope and the worker of the build', () => {
  const code = virtualModuleCode(resolveOptions({ scope: 'go/', codec: 'xor' }), '/app/');
  expect(code).toContain('new URL("/app/", document.baseURI)');
  expect(code).toContain('new URL("go/", base).pathname');
  expect(code).toContain('new URL("culvert.sw.js?config=culvert.config.js", base).href');
  expect(code).toContain('codec: "xor"');
});

it.each(['https://cdn.example/', '//cdn.example/'])(
  'refuses the base %s: a worker has to be of its own origin',
  (base) => {
    expect(() => virtualModuleCode(resolveOptions(), base)).toThrow(expect.objectContaining({ code: 'FOREIGN_BASE' }));
  },
);

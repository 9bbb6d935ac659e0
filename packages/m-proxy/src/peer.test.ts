import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';

// The comparison with the published packer stands beside it, in test/m-proxy: it runs wherever that is installed.
const folder = new URL('../../../test/m-proxy/', import.meta.url);
const isInstalled = existsSync(fileURLToPath(new URL('node_modules/proxy-packer/index.js', folder)));

if (isInstalled) {
  await import(/* @vite-ignore */ fileURLToPath(new URL('proxy-packer.test.mjs', folder)));
} else {
  it.skip('agrees with proxy-packer (npm ci in test/m-proxy)');
}

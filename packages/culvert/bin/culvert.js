#!/usr/bin/env node
// The command itself is dist/main.js. This file is not compiled, so that npm can link it before anything is built.
import { existsSync } from 'node:fs';
import path from 'node:path';

if (!existsSync(path.join(import.meta.dirname, '../dist/main.js'))) {
  console.error('Failed to start culvert: it is not built. In a checkout, run: npm run build');
  process.exit(1);
}
const { main } = await import('../dist/main.js');
process.exit(await main(process.argv.slice(2)));

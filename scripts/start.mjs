/**
 * `npm start`: builds Culvert where its sources changed since the last build, and runs `culvert serve` with the options given.
 */
import { build } from './build.mjs';

try {
  build({ onlyIfStale: true });
} catch (error) {
  console.error(`${error.message}\nThe messages above say where.`);
  process.exit(1);
}

const { main } = await import('../packages/culvert/dist/main.js');
process.exit(await main(['serve', ...process.argv.slice(2)], { invocation: 'npm start --' }));

/**
 * The types of the files for `require()`. A `.d.ts` beside an ES module stands for an ES module, so they are written once more
 * into a folder that says that it is CommonJS, with those of bare-protocol, which the bundles contain.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const dist = path.join(import.meta.dirname, '../dist');
const target = path.join(dist, 'bundle/types');

rmSync(target, { recursive: true, force: true });
copyTypes(dist, '');
copyTypes(path.join(import.meta.dirname, '../../bare-protocol/dist'), 'bare-protocol');
writeFileSync(path.join(target, 'package.json'), '{ "type": "commonjs" }\n');

function copyTypes(from, to) {
  for (const found of readdirSync(from, { recursive: true })) {
    const name = path.posix.join(to, found);
    if (!found.endsWith('.d.ts') || found.startsWith('bundle')) continue;
    const protocol = path.posix.relative(path.posix.dirname(name), 'bare-protocol/index.js');
    const text = readFileSync(path.join(from, found), 'utf8')
      .replaceAll("'@culvert/bare-protocol'", `'${protocol.startsWith('.') ? protocol : `./${protocol}`}'`)
      .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
    mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    writeFileSync(path.join(target, name), text);
  }
}

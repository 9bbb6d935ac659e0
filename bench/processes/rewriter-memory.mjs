/**
 * The peak memory of one cold call of the script rewriter: a process that rewrites one file and ends.
 *
 * Arguments: the bundle of the rewriter, the file. Prints by how many times its size the process grew.
 */
import { readFileSync } from 'node:fs';

const [bundle, file] = process.argv.slice(2);
const { rewriteScriptBytes } = await import(bundle);
const bytes = readFileSync(file);
const before = process.resourceUsage().maxRSS;
const { length } = rewriteScriptBytes(bytes, { kind: 'script' });
if (length === bytes.length) throw new Error(`Nothing was rewritten in ${file}`);
console.log(((process.resourceUsage().maxRSS - before) * 1024) / bytes.length);

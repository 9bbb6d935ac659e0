/**
 * h2spec against the port, in the clear and over TLS: `npm run conformance -- h2spec --binary <path>`. Its source is
 * summerwind/h2spec; with Debian's golang-go and the -dev packages of x/net, cobra and color, `GO111MODULE=off go build ./cmd/h2spec`
 * in a GOPATH builds it. A case that fails has to be in expectations.json, with the reason, and one that is there has to fail.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startWirePort } from '../../wire/port.mjs';

export const about = 'HTTP/2 frames, streams and header compression, on the port';
export const options = { binary: { type: 'string' } };

const expected = JSON.parse(readFileSync(path.join(import.meta.dirname, 'expectations.json'), 'utf8'));

export async function run({ binary = process.env.CULVERT_H2SPEC }) {
  if (!binary || !existsSync(binary)) {
    console.error('Failed to find h2spec. Build summerwind/h2spec and name it with --binary or CULVERT_H2SPEC.');
    return 2;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'culvert-h2spec-'));
  const server = await startWirePort(folder);
  const port = server.authority.split(':')[1];
  let surprises = 0;
  for (const [kind, flags] of Object.entries({ clear: [], tls: ['-t', '-k'] })) {
    const report = path.join(folder, `${kind}.xml`);
    await h2spec(binary, ['-h', '127.0.0.1', '-p', port, '-o', '5', '-j', report, ...flags]);
    const { total, failed } = readReport(readFileSync(report, 'utf8'));
    const known = expected.filter(({ only = kind }) => only === kind).map(({ name }) => name);
    const unexpected = failed.filter((name) => !known.includes(name));
    const gone = known.filter((name) => !failed.includes(name));
    for (const name of unexpected) console.log(`FAIL ${kind}: ${name}`);
    for (const name of gone) console.log(`FAIL ${kind}: passes, but is listed as failing: ${name}`);
    surprises += unexpected.length + gone.length;
    console.log(
      `${kind}: ${total - failed.length} of ${total} pass, ${failed.length - unexpected.length} known not to`,
    );
  }
  await server.close();
  rmSync(folder, { recursive: true });
  return surprises === 0 ? 0 : 1;
}

/** Its exit code says that some case failed; which, the report says. */
function h2spec(binary, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: 'ignore' });
    child.once('error', reject);
    child.once('close', resolve);
  });
}

function readReport(xml) {
  const cases = [...xml.matchAll(/<testcase package="([^"]*)" classname="([^"]*)"[^>]*?(?:\/>|>([^]*?)<\/testcase>)/g)];
  const failed = cases.filter(([, , , body = '']) => /<failure|<error/.test(body));
  return { total: cases.length, failed: failed.map(([, section, name]) => `${section} ${name}`) };
}

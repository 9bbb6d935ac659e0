/**
 * @module
 * Finds out why a registration failed. The browser does not tell: it reports a missing script, a wrong type and a script
 * that throws alike. So this looks at the files themselves.
 */
import { version, versionOfFile } from '../version.js';
import { ProxyError } from './errors.js';

const javaScriptType = /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/i;

interface Attempt {
  script: string;
  scope: string;
}

export async function diagnoseRegistration({ script, scope }: Attempt, cause: unknown): Promise<ProxyError> {
  const worker = await load(script);
  const fault =
    findFault(worker, 'WORKER_SCRIPT_UNAVAILABLE') ?? findTypeFault(worker) ?? findScopeFault(worker, scope);
  if (fault) return new ProxyError(...fault, { cause });

  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof DOMException && cause.name === 'SecurityError') {
    const message = `Failed to register the service worker: ${reason} Allow cookies and site data for this site.`;
    return new ProxyError('SERVICE_WORKER_FORBIDDEN', message, { cause });
  }
  const importFault = await findImportFault(worker);
  if (importFault) return new ProxyError(...importFault, { cause });
  return new ProxyError('WORKER_SCRIPT_FAILED', `Failed to start ${script}: ${reason}`, { cause });
}

type Fault = [code: ConstructorParameters<typeof ProxyError>[0], message: string];

interface LoadedFile {
  /** As it was asked for, for messages. */
  name: string;
  url: string;
  /** Null if nothing answered. */
  response: Response | null;
  text: string;
  failure: string;
}

async function load(name: string, base: string = location.href): Promise<LoadedFile> {
  const { href: url } = new URL(name, base);
  try {
    const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(5000) });
    return { name, url, response, text: await response.text(), failure: `the server answered ${response.status}.` };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { name, url, response: null, text: '', failure };
  }
}

function findFault({ name, response, failure }: LoadedFile, code: Fault[0]): Fault | null {
  return response?.ok ? null : [code, `Failed to load ${name}: ${failure}`];
}

function findTypeFault({ name, response }: LoadedFile): Fault | null {
  const type = response?.headers.get('content-type') ?? '(none)';
  if (javaScriptType.test(type)) return null;
  const message = `Failed to load ${name}: its Content-Type is ${type}. The server must send text/javascript.`;
  return ['WORKER_SCRIPT_WRONG_TYPE', message];
}

/** Service Workers, "Update" algorithm: the scope must lie below the script's folder, or below what the header names. */
function findScopeFault({ name, url, response }: LoadedFile, scope: string): Fault | null {
  const allowed = response?.headers.get('service-worker-allowed') ?? './';
  const { pathname: allowedPath } = new URL(allowed, url);
  const { pathname: scopePath } = new URL(scope, location.href);
  if (scopePath.startsWith(allowedPath)) return null;
  const message =
    `Failed to register the service worker: ${name} may serve ${allowedPath}, and the scope is ${scopePath}. Move the file ` +
    `up, choose a scope below ${allowedPath}, or let the server send it with the header Service-Worker-Allowed: ${scopePath}`;
  return ['WORKER_SCOPE_NOT_ALLOWED', message];
}

/** The built worker imports the runtime beside it, and a configuration if its query names one. */
async function findImportFault(worker: LoadedFile): Promise<Fault | null> {
  const workerVersion = versionOfFile(worker.text);
  if (workerVersion === null) return null;
  const config = new URL(worker.url).searchParams.get('config');
  if (config !== null) {
    const file = await load(config, worker.url);
    const fault = findFault(file, 'CONFIG_UNAVAILABLE') ?? findTypeFault(file);
    if (fault) return ['CONFIG_UNAVAILABLE', fault[1]];
  }
  const runtime = await load('culvert.runtime.js', worker.url);
  const fault = findFault(runtime, 'RUNTIME_UNAVAILABLE') ?? findTypeFault(runtime);
  if (fault) {
    return ['RUNTIME_UNAVAILABLE', `${fault[1]} It must stand beside the worker under this name (${runtime.url}).`];
  }
  const versions = [version, workerVersion, versionOfFile(runtime.text) ?? 'older'];
  if (new Set(versions).size === 1) return null;
  const message =
    `Failed to start the service worker: the page has Culvert ${versions[0]}, culvert.sw.js is ${versions[1]}, culvert.runtime.js ` +
    `is ${versions[2]}. Put the files of one version on the server (npx culvert init), and see that no cache holds old ones.`;
  return ['VERSION_MISMATCH', message];
}

/**
 * @module
 * The script that a worker is made of: its own, behind the runtime.
 */
import { type BootData, absentFeatures } from '@culvert/runtime';
import type { Config } from '../../config.js';
import type { Services, TranslatedResponse } from '../fetch-context.js';
import { bootStatement } from './boot-script.js';
import { isModuleText, rewriteRemoteScript } from './script.js';

export interface WorkerIdentity {
  kind: 'worker' | 'sharedworker';
  url: string;
  topLevelSite: string;
}

/** The prefix stands on the first line, so that line numbers stay. */
export async function workerScript(
  source: string,
  kind: 'worker' | 'sharedworker',
  context: TranslatedResponse,
): Promise<string> {
  const { services, remoteUrl: url, topLevelSite } = context;
  const identity: WorkerIdentity = { kind, url, topLevelSite };
  // A module's imports are evaluated before its first statement: the runtime has to be the first of them. The request does
  // not tell a module; without imports the prefix of a classic script does for both.
  if (isModuleText(source)) {
    return `import "${workerRuntimeUrl(services.config, identity)}";${rewriteRemoteScript(withoutHashbang(source), 'module', context)}`;
  }
  const boot = await workerBootStatement(services, identity);
  const strict = beginsStrict(source) ? '"use strict";' : '';
  return `${strict}${boot}${rewriteRemoteScript(withoutHashbang(source), 'script', context)}`;
}

/** What `/service/~/worker-runtime.js` answers. */
export async function workerBootStatement(
  { config, tokens, browser }: Pick<Services, 'config' | 'tokens' | 'browser'>,
  { kind, url, topLevelSite }: WorkerIdentity,
): Promise<string> {
  const data: BootData = {
    kind,
    url,
    referrer: '',
    settings: config.settings,
    bareServer: await config.bareServerFor(url),
    runtimeScript: config.runtimeScript,
    // Workers have no `document.cookie`.
    cookies: [],
    topLevelSite,
    absent: absentFeatures(url, browser.userAgent),
    token: await tokens.issue({ url, topLevelSite }),
    build: config.build,
  };
  return bootStatement(config, data, `(${config.rewritersSource})`);
}

export function workerRuntimeUrl({ settings }: Config, { kind, url, topLevelSite }: WorkerIdentity): string {
  const query = new URLSearchParams({ kind, url, site: topLevelSite });
  return `${settings.scope}~/worker-runtime.js?${query.toString()}`;
}

/** `null` if the query is not one of ours. */
export function parseWorkerRuntimeUrl(requestUrl: string): WorkerIdentity | null {
  const query = new URL(requestUrl).searchParams;
  const kind = query.get('kind');
  const url = query.get('url');
  if ((kind !== 'worker' && kind !== 'sharedworker') || url === null || !URL.canParse(url)) return null;
  return { kind, url, topLevelSite: query.get('site') ?? 'null' };
}

/** A directive that no longer stands first would be an expression. */
function beginsStrict(source: string): boolean {
  return /^(?:\s|\/\/[^\n]*\n|\/\*[^]*?\*\/|(?:"[^"\n]*"|'[^'\n]*')\s*;)*["']use strict["']/.test(source);
}

/** `#!` is a comment at the very start alone. */
function withoutHashbang(source: string): string {
  return source.startsWith('#!') ? `//${source}` : source;
}

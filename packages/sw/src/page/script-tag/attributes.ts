/**
 * @module
 * What `<script src="culvert.js" data-bare="…" data-scope="…">` says.
 */
import { writeWorkerQuery } from '../../worker-query.js';

export interface TagOptions {
  /** The path of the proxied documents, absolute. */
  scope: string;
  /** The worker's URL with what it has to know in its query. */
  serviceWorker: string;
  /** The Bare servers as absolute URLs; empty if the configuration file names them. */
  bareServers: string[];
  /** The absolute URL of the configuration file. */
  config?: string;
}

/**
 * | attribute      | default               |                                                                          |
 * | -------------- | --------------------- | ------------------------------------------------------------------------ |
 * | `data-bare`    | `bare/`               | where the Bare server is; several with spaces between them                 |
 * | `data-scope`   | `service/`            | the path below which proxied pages live                                    |
 * | `data-worker`  | `culvert.sw.js`       | where the worker is                                                        |
 * | `data-config`  | none                  | a script that sets `self.culvertConfig`, for what attributes cannot say    |
 *
 * All are relative to the script itself.
 *
 * @param attributes the script element's `dataset`
 * @param source the script element's `src`, absolute
 */
export function readTag(attributes: Record<string, string | undefined>, source: string): TagOptions {
  const resolve = (value: string): string => new URL(value, source).href;
  const config = attributes.config === undefined ? undefined : resolve(attributes.config);
  const bare = attributes.bare?.trim().split(/\s+/) ?? (config === undefined ? ['bare/'] : []);
  const bareServers = bare.filter((server) => server !== '').map(resolve);
  const worker = resolve(attributes.worker ?? 'culvert.sw.js');
  return {
    scope: new URL(withSlash(attributes.scope ?? 'service/'), source).pathname,
    serviceWorker: worker + writeWorkerQuery({ bareServer: bareServers, ...(config !== undefined && { config }) }),
    bareServers,
    ...(config !== undefined && { config }),
  };
}

/** A scope is a prefix of paths: without its slash, "/service" would be that of "/services" too. */
function withSlash(scope: string): string {
  return scope.endsWith('/') ? scope : `${scope}/`;
}

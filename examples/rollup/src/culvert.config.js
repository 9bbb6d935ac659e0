/**
 * Runs in the worker. `attempt` counts the servers that failed for this request: 0 for the first.
 *
 * @type {{ bareServer: (remoteUrl: URL, attempt: number) => string }}
 */
export default {
  bareServer: (remoteUrl, attempt) => (attempt === 0 ? '/bare/' : `/bare/?attempt=${attempt}&host=${remoteUrl.host}`),
};

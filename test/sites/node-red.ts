/** @module Node-RED: a jQuery editor with drag and drop, Monaco and a WebSocket. */
import { startSiteProcess, type Site } from '../support/site.js';

export interface NodeRedSite extends Site {
  /** Deploys an empty flow, so that the next visitor finds the editor as the first one did. */
  reset(): Promise<void>;
}

export async function startNodeRed(): Promise<NodeRedSite> {
  const site = await startSiteProcess('node-red.test', 'node-red.mjs');
  const reset = () => deployEmptyFlow(site);
  await reset();
  return { ...site, reset };
}

/** A flow with an id of ours: the editor gives its own a random one, and writes it into the URL. */
async function deployEmptyFlow(site: Site): Promise<void> {
  // The editor shows a tip of the day, at random.
  await post(site, 'settings/user', { editor: { view: { 'view-show-tips': false } } });
  await post(site, 'flows', [{ id: 'f1', type: 'tab', label: 'Flow 1', disabled: false, info: '' }]);
}

async function post({ port }: Site, path: string, body: unknown): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'Node-RED-Deployment-Type': 'full' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`Failed to reset Node-RED: POST ${path} gave ${response.status}.`);
}

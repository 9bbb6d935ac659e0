/**
 * @module
 * The manifest: what a Bare server says about itself at the root of its directory.
 */
import { BareProtocolError } from './bare-error-body.js';
import { parseJsonObject } from './json-object.js';

export interface BareManifest {
  /** Protocol versions, each served at `/<name>/`. */
  versions: string[];
  language: string;
  /** Heap in use, in MB. */
  memoryUsage?: number;
  maintainer?: { email?: string; website?: string };
  project?: {
    name?: string;
    description?: string;
    email?: string;
    website?: string;
    repository?: string;
    version?: string;
  };
}

export function serializeManifest(manifest: BareManifest): string {
  return JSON.stringify(manifest, null, 2);
}

/** @throws BareProtocolError IMPL_INVALID_RESPONSE when the text is not a manifest */
export function parseManifest(text: string): BareManifest {
  const manifest = parseJsonObject(text) as Partial<BareManifest> | null;
  const versions: unknown = manifest?.versions;
  if (!Array.isArray(versions) || !versions.every((version) => typeof version === 'string')) {
    const reason = manifest === null ? 'is not a JSON object' : 'has no list of versions';
    throw new BareProtocolError('IMPL_INVALID_RESPONSE', 'response.body', `The manifest ${reason}.`);
  }
  return { ...(manifest as BareManifest), language: String(manifest?.language ?? 'Unknown') };
}

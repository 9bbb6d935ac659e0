/**
 * @module
 * The manifest: what a Bare server says about itself at the root of its directory.
 */
import { BareProtocolError } from './bare-error-body.js';

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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BareProtocolError('IMPL_INVALID_RESPONSE', 'response.body', 'The manifest is not valid JSON.', { cause });
  }
  const manifest = value as Partial<BareManifest> | null;
  const isManifest =
    typeof manifest === 'object' &&
    manifest !== null &&
    Array.isArray(manifest.versions) &&
    manifest.versions.every((version) => typeof version === 'string');
  if (!isManifest) {
    throw new BareProtocolError('IMPL_INVALID_RESPONSE', 'response.body', 'The manifest has no list of versions.');
  }
  return { ...(manifest as BareManifest), language: String(manifest.language ?? 'Unknown') };
}

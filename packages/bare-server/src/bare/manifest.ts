/**
 * @module
 * The manifest of this server.
 */
import { memoryUsage } from 'node:process';
import type { BareManifest } from '@culvert/bare-protocol';
import type { BareServerOptions, BareVersion } from '../options.js';

/** @param versions newest last, as clients expect that pick the last one they know */
export function createManifest(versions: readonly BareVersion[], options: BareServerOptions): BareManifest {
  const { maintainer, project } = options;
  return {
    versions: [...versions],
    language: 'NodeJS',
    memoryUsage: Math.round((memoryUsage().heapUsed / 1024 / 1024) * 100) / 100,
    ...(maintainer && { maintainer }),
    project: { name: 'Culvert', description: 'Bare server of the Culvert web proxy', ...project },
  };
}

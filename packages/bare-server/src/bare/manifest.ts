/**
 * @module
 * The manifest of this server.
 */
import { memoryUsage } from 'node:process';
import type { BareManifest } from '@culvert/bare-protocol';
import type { BareServerOptions } from '../options.js';

/** Newest last, as clients expect that pick the first one they know. */
export const supportedVersions = ['v3'] as const;

export function createManifest({ maintainer, project }: BareServerOptions): BareManifest {
  return {
    versions: [...supportedVersions],
    language: 'NodeJS',
    memoryUsage: Math.round((memoryUsage().heapUsed / 1024 / 1024) * 100) / 100,
    ...(maintainer && { maintainer }),
    project: { name: 'Culvert', description: 'Bare server of the Culvert web proxy', ...project },
  };
}

/**
 * @module Web app manifests.
 */
export { rewriteManifest, type ManifestContext } from './web-app-manifest.js';

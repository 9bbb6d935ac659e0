/**
 * @module
 * Where the files of the published proxies are. They are served as they came, and not looked into.
 */
import path from 'node:path';

export const packageFolder = (name) => path.join(import.meta.dirname, '../node_modules', name);

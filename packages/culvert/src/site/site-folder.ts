/** @module Where the files are that a browser loads. */
import path from 'node:path';

/** Put together by `npm run build`; part of the npm package. */
export const siteFolder = path.join(import.meta.dirname, '..', '..', 'dist-site');

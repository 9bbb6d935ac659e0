/** @module Swagger UI as a static site, with a description of its own and the API that the description is of. */
import path from 'node:path';
import { startSiteInProcess, type Site } from '../support/site.js';
import { serveStaticFile } from '../support/static-files.js';

const directories = [
  path.join(import.meta.dirname, 'swagger-ui/fixtures'),
  path.join(import.meta.dirname, '../node_modules/swagger-ui-dist'),
];

const locks: Record<string, object> = {
  7: { id: 7, name: 'Grindley Brook', gates: 6 },
};

export function startSwaggerUi(): Promise<Site> {
  return startSiteInProcess('swagger.test', (request, response) => {
    const id = /^\/api\/locks\/(\w+)/.exec(request.url ?? '')?.[1];
    if (id === undefined) return serveStaticFile(directories, request, response);
    const lock = locks[id];
    response
      .writeHead(lock ? 200 : 404, { 'content-type': 'application/json', 'x-remaining': '41' })
      .end(JSON.stringify(lock ?? { error: `No lock ${id}` }));
  });
}

/** Node-RED, a flow editor: no login, an empty flow, and nothing that asks a server of its makers for anything. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import RED from 'node-red';
import { reportPort } from './report-port.mjs';

const directory = process.argv[2];
const server = createServer((request, response) => RED.httpAdmin(request, response));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

RED.init(server, {
  userDir: directory,
  flowFile: 'flows.json',
  credentialSecret: 'not-a-secret',
  httpAdminRoot: '/',
  httpNodeRoot: '/',
  disableEditor: false,
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { autoInstall: false, palette: { allowInstall: false, allowUpload: false } },
  editorTheme: {
    tours: false,
    palette: { catalogues: [] },
    codeEditor: { lib: 'monaco' },
    projects: { enabled: false },
  },
  logging: { console: { level: 'error', metrics: false, audit: false } },
});
await RED.start();
reportPort(server);

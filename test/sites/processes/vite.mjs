/**
 * A Vite dev server with a React and a Vue app. lodash-es is left unbundled, so that one page loads hundreds of modules.
 * The apps are copied to a directory of this run: the test edits them.
 */
import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import vue from '@vitejs/plugin-vue';
import { createServer } from 'vite';
import { reportPort } from './report-port.mjs';

const directory = process.argv[2];
const testTree = path.join(import.meta.dirname, '../..');
cpSync(path.join(testTree, 'sites/vite/fixtures'), directory, { recursive: true });
symlinkSync(path.join(testTree, 'node_modules'), path.join(directory, 'node_modules'));

const server = await createServer({
  configFile: false,
  root: directory,
  cacheDir: path.join(directory, '.vite'),
  logLevel: 'error',
  appType: 'mpa',
  plugins: [react(), vue()],
  server: { host: '127.0.0.1', port: 0, allowedHosts: true, fs: { allow: [directory, testTree] } },
  optimizeDeps: {
    noDiscovery: true,
    include: ['react', 'react-dom/client', 'react/jsx-dev-runtime', 'react/jsx-runtime', 'vue'],
    exclude: ['lodash-es'],
  },
});
await server.listen();
reportPort(server.httpServer);

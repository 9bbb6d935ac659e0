import { url } from './dependency.js';
onmessage = () =>
  postMessage(JSON.stringify([import.meta.url, url, location.href, typeof importScripts, typeof this, self.origin]));

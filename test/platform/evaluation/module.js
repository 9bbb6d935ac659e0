export const url = import.meta.url;
export default [
  location.pathname,
  url,
  typeof top,
  new Error().stack
    .split('\n')[1]
    .replace(/:\d+:\d+/, '')
    .trim(),
].join();

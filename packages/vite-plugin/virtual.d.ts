/** For `compilerOptions.types` of a project: `"types": ["@culvert/vite-plugin/virtual"]`. */
declare module 'virtual:culvert' {
  import type { Proxy } from '@culvert/sw/page';

  export * from '@culvert/sw/page';

  /** The proxy, with the scope and the worker of this build. Call `register()` before a page is opened. */
  export const proxy: Proxy;
}

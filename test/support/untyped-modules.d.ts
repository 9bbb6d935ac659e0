/** Modules of plain JavaScript that the tests use. */
declare module '*/find-browser.mjs' {
  export function findBrowser(name: 'chromium' | 'firefox'): string | undefined;
}
declare module '*/build.mjs' {
  export function build(options?: { onlyIfStale?: boolean }): void;
}
declare module 'pngjs' {
  interface Image {
    width: number;
    height: number;
    data: Buffer;
  }
  export class PNG implements Image {
    constructor(size: { width: number; height: number });
    width: number;
    height: number;
    data: Buffer;
    static sync: { read(file: Buffer): Image; write(image: Image): Buffer };
  }
}

export interface OpenOptions {
  help: boolean;
  url: string;
  server: string;
  screenshot: string | undefined;
  size: { width: number; height: number };
  timeout: number;
  json: boolean;
  verbose: boolean;
}
export const usage: string;
export class OptionError extends Error {}
export function parseOpenOptions(args: string[]): OpenOptions;

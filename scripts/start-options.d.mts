export interface StartOptions {
  help: boolean;
  port: number;
  host: string;
  upstream: { resolve: string[]; insecure: boolean; allowPrivate: boolean };
}
export const usage: string;
export class OptionError extends Error {}
export function parseStartOptions(args: string[], env?: Record<string, string | undefined>): StartOptions;

/**
 * @module
 * The subcommands, in the order that `culvert --help` has them.
 */
import type { Command } from './command.js';
import { describe } from './describe.js';
import { serve } from './serve.js';

export const commands: readonly Command[] = [serve, describe];

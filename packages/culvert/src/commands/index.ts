/**
 * @module
 * The subcommands, in the order that `culvert --help` has them.
 */
import type { Command } from './command.js';
import { describe } from './describe.js';
import { doctor } from './doctor.js';
import { init } from './init.js';
import { join } from './join.js';
import { serve } from './serve.js';

export const commands: readonly Command[] = [serve, init, doctor, join, describe];

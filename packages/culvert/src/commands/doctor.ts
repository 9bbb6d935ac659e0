/**
 * @module
 * `culvert doctor`: is everything in place, and what to do where it is not.
 */
import type { Finding } from '@culvert/sw/set-up';
import { examineSite } from '../doctor/examine-site.js';
import { OptionError } from '../options/errors.js';
import { defineCommand } from './command.js';

const marks: Readonly<Record<Finding['status'], string>> = { ok: '✓', warning: '!', problem: '✕', skipped: '–' };

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Looks at a page that uses Culvert, and says what to do where something is wrong.',
  positionals: '<url>',
  options: {},
  async run(_options, { positionals, print }) {
    const [page, ...others] = positionals;
    if (page === undefined || others.length > 0 || !/^https?:/i.test(page) || !URL.canParse(page)) {
      throw new OptionError('Give the address of one page, for example http://localhost:8080/.');
    }
    let problems = 0;
    for await (const { status, title, detail, advice } of examineSite(page)) {
      print(`${marks[status]} ${title}: ${detail}`);
      if (advice !== '') print(`  ${advice}`);
      if (status === 'problem') problems++;
    }
    print(
      problems === 0
        ? 'What can be seen from outside is in place.'
        : `${problems} problem${problems === 1 ? '' : 's'}.`,
    );
    return problems === 0 ? 0 : 1;
  },
});

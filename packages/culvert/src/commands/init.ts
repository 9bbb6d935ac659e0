/**
 * @module
 * `culvert init`: the files of the script tag, for a static site.
 */
import path from 'node:path';
import { writeFiles } from '../init/write-files.js';
import { value } from '../options/option.js';
import { OptionError } from '../options/errors.js';
import { readBareLocation, readScope } from '../options/values.js';
import { siteFolder } from '../site/site-folder.js';
import { defineCommand } from './command.js';

export const init = defineCommand({
  name: 'init',
  summary: 'Writes the files of the script tag into the folder of a static site, or updates them.',
  positionals: '<folder>',
  options: {
    bare: value({
      placeholder: '<url>',
      example: 'https://bare.example/',
      help: 'where the Bare server is, relative to the folder',
      fallback: 'bare/',
      read: readBareLocation,
    }),
    scope: value({
      placeholder: '<path>',
      example: 'service/',
      help: 'path of the proxied pages, relative to the folder',
      fallback: 'service/',
      read: readScope,
    }),
  },
  async run({ bare, scope }, { positionals, print }) {
    const [folder = '.', ...others] = positionals;
    if (others.length > 0) throw new OptionError(`There can be one folder, not ${positionals.join(' and ')}.`);
    const { written, hasStarter } = await writeFiles({ folder, bare, scope, source: siteFolder });
    print(`Wrote ${written.join(', ')} to ${path.resolve(folder)}.`);
    if (!hasStarter)
      print(
        `Put this in the head of a page: <script src="culvert.js" data-bare="${bare}" data-scope="${scope}"></script>`,
      );
    print(`Try it: culvert serve --site ${folder}`);
    print(
      `On another host, let every path below ${scope} that is no file answer with culvert.html, or hard reloads end there.`,
    );
    return 0;
  },
});

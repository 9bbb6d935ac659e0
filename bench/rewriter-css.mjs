/**
 * CSS under scoped URLs (under real ones nothing is rewritten, and nothing is read): every stylesheet of bootstrap, with
 * URLs put into it, beside what a tree or tokens cost.
 *
 * `ours (tokens)` is the way that is taken where a backslash stands outside a string; `regular expression` is what
 * proxies do that take the CSS for lines of text: it knows neither comments nor strings.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { generate, parse, walk } from 'css-tree';
import { tokenize } from 'css-tree/tokenizer';
import postcss from 'postcss';
import { bundleRewriter } from '../test/conformance/rewriter-bundle.mjs';
import { scramjetSubject } from './peers/scramjet.mjs';
import { ultravioletSubject } from './peers/ultraviolet.mjs';
import { measureInTurns } from './rewriter-corpus.mjs';

export const about = 'CSS rewriting, MB/s of input, text to text';

export async function run({ quick, source, progress }) {
  const { rewriteStylesheet } = await import(await bundleRewriter({ source, minify: true, entry: 'css/index.ts' }));
  const context = {
    baseUrl: 'https://site.example/dir/a.css',
    settings: { origin: 'http://localhost:8080', scope: '/service/', urls: 'scoped' },
  };
  const toProxy = (url) =>
    `http://localhost:8080/service/img/${encodeURIComponent(new URL(url, context.baseUrl).href)}`;
  const isRemote = (url) => !/^(?:data:|#)/.test(url);
  const subjects = {
    ours: (css) => rewriteStylesheet(css, context),
    'ours (tokens)': (css) => rewriteStylesheet(`.a\\:b{}${css}`, context),
    'regular expression': (css) =>
      css.replace(/url\(\s*["']?([^"')]*)["']?\s*\)/g, (whole, url) =>
        isRemote(url) ? `url("${toProxy(url)}")` : whole,
      ),
    ...(await scramjetSubject('css', 'a{b:url(c)}', (rewrite) => rewrite)),
    ...ultravioletSubject('css', 'a{b:url(c)}', (rewrite) => rewrite),
    'css-tree (tokenize)': (css) => {
      let urls = 0;
      tokenize(css, (type) => (urls += Number(type === 7)));
      return urls;
    },
    'css-tree (parse, walk, generate)': (css) => {
      const tree = parse(css, { parseValue: true });
      walk(tree, (node) => {
        if (node.type === 'Url' && isRemote(node.value)) node.value = toProxy(node.value);
      });
      return generate(tree);
    },
    'postcss (parse, walk, stringify)': (css) => {
      const root = postcss.parse(css);
      root.walkDecls((declaration) => {
        if (declaration.value.includes('url('))
          declaration.value = declaration.value.replace(/url\(([^)]*)\)/g, (whole, url) =>
            isRemote(url.replace(/^["']/, '')) ? `url("${toProxy(url.replace(/["']/g, ''))}")` : whole,
          );
      });
      return root.toString();
    },
  };
  const corpus = stylesheets();
  return measureInTurns({ measure: 'rewriter/css', subjects, corpus, rounds: quick ? 5 : 15, progress });
}

/** Bootstrap's own URLs are data: URLs; one rule in a hundred gets an image. */
function stylesheets() {
  const folder = path.join(import.meta.dirname, 'node_modules/bootstrap/dist/css');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.css'))
    .map((name) => {
      let rules = 0;
      const css = readFileSync(path.join(folder, name), 'utf8');
      const withImages = css.replace(/\{/g, (brace) =>
        rules++ % 100 === 99 ? `{--image:url(img/${rules}.png);` : brace,
      );
      return { name, bytes: withImages, length: withImages.length };
    });
}

/**
 * @module
 * The site of the page benchmark: pages of many resources, one that streams slowly, and an empty one.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** `streamed` comes in so many pieces, with a pause before each but the first. */
const streaming = { pieces: 16, pieceSize: 64 * 1024, pause: 50 };

const packages = path.join(import.meta.dirname, '../node_modules');
const library = (file) => readFileSync(path.join(packages, file), 'utf8');

const bootstrapScript = library('bootstrap/dist/js/bootstrap.min.js');
const bootstrapBundle = library('bootstrap/dist/js/bootstrap.bundle.min.js');
const meriyah = library('meriyah/dist/meriyah.umd.min.js');
const csstree = library('css-tree/dist/csstree.js');
const [grid, reboot, utilities, bootstrapStyle] = ['-grid', '-reboot', '-utilities', ''].map((name) =>
  library(`bootstrap/dist/css/bootstrap${name}.min.css`),
);

/**
 * What each page holds: how many resources, and whose text they have in turn. It is that of libraries: what a proxy has to do depends
 * on what stands in a script.
 */
export const pages = {
  /** 2.3 MB of scripts, 1.6 MB of stylesheets, 40 kB of HTML. */
  fifty: {
    scripts: { count: 20, texts: [bootstrapScript, meriyah, bootstrapBundle, meriyah, csstree] },
    styles: { count: 10, texts: [bootstrapStyle, utilities] },
    images: 20,
    paragraphs: 100,
  },
  /** 3.4 MB of scripts, 1 MB of stylesheets. */
  heavy: {
    scripts: { count: 50, texts: [bootstrapScript, bootstrapScript, meriyah, bootstrapScript, bootstrapBundle] },
    styles: { count: 20, texts: [grid, reboot, utilities] },
    images: 200,
    paragraphs: 10,
  },
};

/** @returns {Promise<{ origin: string, bytes: () => number, close: () => void }>} `bytes`: all that it has sent */
export async function startLocalSite() {
  let bytes = 0;
  const server = createServer((request, response) => {
    const [, kind, page, number] = /^\/(\w+)(?:\/(\w+)\/(\d+))?/.exec(request.url) ?? [];
    if (kind === 'streamed') return void stream(response);
    const [type, body, cache] = answer(kind, pages[page], Number(number));
    const length = Buffer.byteLength(body);
    bytes += length;
    response.writeHead(body ? 200 : 404, { 'Content-Type': type, 'Content-Length': length, 'Cache-Control': cache });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    bytes: () => bytes,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(kind, page, number) {
  const kept = 'max-age=3600';
  if (kind === 'blank') return ['text/html', blank, 'no-store'];
  if (kind in pages) return ['text/html; charset=utf-8', pageOf(kind, pages[kind]), 'no-cache'];
  const inTurn = ({ texts }) => texts[number % texts.length];
  if (kind === 'script') return ['text/javascript', `${inTurn(page.scripts)}\n// ${number}`, kept];
  if (kind === 'style') return ['text/css', `${inTurn(page.styles)}\n/* ${number} */`, kept];
  if (kind === 'image') return ['image/svg+xml', picture(number), kept];
  return ['text/plain', '', kept];
}

/** The first piece tells when it has been read. */
async function stream(response) {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
  response.write(
    `<!doctype html><title>Streamed</title><link rel=icon href=data:,><h1>Streamed</h1>
<script>document.documentElement.dataset.first = performance.now();</script>${' '.repeat(streaming.pieceSize)}`,
  );
  for (let piece = 1; piece < streaming.pieces; piece++) {
    await new Promise((resolve) => setTimeout(resolve, streaming.pause));
    if (response.destroyed) return;
    response.write(`<p>${piece}</p>${' '.repeat(streaming.pieceSize)}`);
  }
  response.end('<p id=last>last</p>');
}

const list = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join('\n');

const blank = '<!doctype html><title>Blank</title><link rel=icon href=data:,><h1>Blank</h1>';

const picture = (number) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect width="16" height="16" fill="hsl(${number % 360} 60% 50%)"/></svg>`;

const pageOf = (name, { scripts, styles, images, paragraphs }) => `<!doctype html>
<html lang=en><head><meta charset=utf-8><title>Page</title><link rel=icon href=data:,>
${list(styles.count, (index) => `<link rel=stylesheet href=/style/${name}/${index}>`)}
</head><body><h1>Page</h1><p>${list(images, (index) => `<img src=/image/${name}/${index} alt="">`)}</p>
${list(paragraphs, (index) => `<p class="text-${index}"><a href="/${name}?paragraph=${index}">${index}</a> ${'A lock raises a boat. '.repeat(15)}</p>`)}
${list(scripts.count, (index) => `<script src=/script/${name}/${index}></script>`)}
<script>addEventListener('load', () => (document.documentElement.dataset.loaded = document.images.length));</script>
</body></html>`;

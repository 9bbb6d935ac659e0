/**
 * Runs in the page that `rewriter-browser.mjs` opens: `measure(kind, subject)` takes a subject over all files of a kind and says how many
 * bytes those were. Peers are loaded as published.
 */
const site = new URL('https://site.example/dir/page.html');
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const chunkLength = 16_384;

/** @returns {Promise<Record<'js' | 'html', Record<string, (bytes: Uint8Array) => number>>>} */
async function loadSubjects() {
  const ours = await import('/ours.js');
  const scramjet = await loadScramjet();
  const ultraviolet = await loadUltraviolet();
  const context = {
    documentUrl: site.href,
    settings: { origin: 'http://localhost:8080', scope: '/service/', urls: 'real' },
    bootHtml: `<base href="${site.href}"><script>boot()</script>`,
  };
  const splice = (bytes, splicer) => {
    const streaming = new TextDecoder();
    let length = 0;
    for (let start = 0; start < bytes.length; start += chunkLength) {
      const text = streaming.decode(bytes.subarray(start, start + chunkLength), { stream: true });
      length += encoder.encode(splicer.write(text)).length;
    }
    return length + encoder.encode(splicer.end()).length;
  };
  const onStrings = (rewrite) => (bytes) => encoder.encode(rewrite(decoder.decode(bytes))).length;
  return {
    js: {
      ours: (bytes) => ours.rewriteScriptBytes(bytes, { kind: 'script' }).length,
      scramjet: (bytes) => scramjet.js(bytes).length,
      ultraviolet: tolerant(onStrings(ultraviolet.js)),
    },
    html: {
      ours: (bytes) => splice(bytes, new ours.HtmlSplicer(context)),
      'ours (no scripts)': (bytes) =>
        splice(bytes, new ours.HtmlSplicer({ ...context, rewriteScript: (text) => text })),
      scramjet: onStrings(scramjet.html),
      ultraviolet: tolerant(onStrings(ultraviolet.html)),
    },
  };
}

async function loadScramjet() {
  const scramjet = await import('/scramjet.mjs');
  scramjet.setWasm(await (await fetch('/scramjet.wasm')).arrayBuffer());
  const { defaultConfig, CookieJar, rewriteHtml, rewriteJs } = scramjet;
  const nobody = (key) => ({ key, tap: { callbacks: { [key]: [] } } });
  const context = {
    config: { ...defaultConfig, flags: { ...defaultConfig.flags, sourcemaps: false } },
    prefix: new URL('/scramjet/', location.href),
    cookieJar: new CookieJar(),
    hooks: { rewriter: { html: { pre: nobody('pre'), post: nobody('post') } } },
    interface: { codecEncode: encodeURIComponent, codecDecode: decodeURIComponent, getInjectScripts: () => [] },
  };
  const meta = { origin: site, base: site };
  return {
    js: (bytes) => rewriteJs(bytes, 'https://site.example/script.js', context, meta, false),
    html: (text) => rewriteHtml(text, context, meta, false),
  };
}

async function loadUltraviolet() {
  const script = Object.assign(document.createElement('script'), { src: '/ultraviolet.js' });
  await new Promise((resolve, reject) => {
    Object.assign(script, { onload: resolve, onerror: () => reject(new Error('Failed to load Ultraviolet.')) });
    document.head.append(script);
  });
  const ultraviolet = new globalThis.Ultraviolet({
    prefix: '/ultraviolet/',
    encodeUrl: encodeURIComponent,
    decodeUrl: decodeURIComponent,
  });
  Object.assign(ultraviolet.meta, { base: site, origin: site.origin, url: site });
  return { js: (text) => ultraviolet.js.rewrite(text), html: (text) => ultraviolet.html.rewrite(text) };
}

/** A text that a peer fails on costs it what it took to find out. */
function tolerant(subject) {
  return (bytes) => {
    try {
      return subject(bytes);
    } catch {
      // Its message may hold its source.
      return 0;
    }
  };
}

const subjects = await loadSubjects();
const files = {};
for (const kind of Object.keys(subjects)) {
  const { count } = await (await fetch(`/${kind}/count`)).json();
  files[kind] = await Promise.all(
    Array.from(
      { length: count },
      async (_, index) => new Uint8Array(await (await fetch(`/${kind}/${index}`)).arrayBuffer()),
    ),
  );
}

/** @returns the bytes of all files of a kind, repeated until it can be measured */
globalThis.measure = (kind, name) => {
  const subject = subjects[kind][name];
  let bytes = 0;
  const start = performance.now();
  do {
    for (const file of files[kind]) {
      subject(file);
      bytes += file.length;
    }
  } while (performance.now() - start < 200);
  return bytes;
};
globalThis.subjectsOf = (kind) => Object.keys(subjects[kind]);

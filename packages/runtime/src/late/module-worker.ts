/**
 * @module The text of a module worker that is made from a blob: URL. Firefox sends what such a worker imports statically past
 * the service worker, and what it imports by a call to it: there the script itself is imported by one.
 */

/**
 * @param bootUrl of the script that boots the runtime, as a string literal
 * @param script rewritten
 * @param scriptUrl makes a URL of a text
 */
export function moduleWorker(
  bootUrl: string,
  script: string,
  kind: 'worker' | 'sharedworker',
  scriptUrl: (text: string) => string,
  userAgent: string,
): string {
  if (!/\bFirefox\//.test(userAgent) || !importsStatically.test(script)) return `import ${bootUrl};${script}`;
  const event = kind === 'worker' ? 'message' : 'connect';
  // What comes before the script has run would find no listener: it is kept, and given again.
  return `import ${bootUrl};
const kept = [];
const keep = (event) => { event.stopImmediatePropagation(); kept.push(event); };
addEventListener('${event}', keep);
try { await import(${JSON.stringify(scriptUrl(script))}); } finally { removeEventListener('${event}', keep); }
for (const { data, origin, source, ports } of kept) {
  dispatchEvent(new MessageEvent('${event}', { data, origin, source, ports: [...ports] }));
}`;
}

const importsStatically = /\bimport\s*["'{*\w$]|\bfrom\s*["']/;

/**
 * @module
 * Calls a second of what pages call in loops and what we stand in for, in each subject's page.
 */
import { summarize } from '../results.mjs';
import { show } from './subjects.mjs';

/** By name: a call, or one and what stands before the loop. */
const calls = {
  'location.href': 'location.href',
  'location.pathname': 'location.pathname',
  'document.URL': 'document.URL',
  'link.href': 'link.href',
  'document.cookie': 'document.cookie',
  'object[key]': 'table[keys[i & 3]]',
  'parent === window': 'parent === window',
  getAttribute: 'element.getAttribute("class")',
  setAttribute: 'element.setAttribute("class", "x" + (i & 7))',
  'setAttribute, href': 'link.setAttribute("href", "/" + (i & 7))',
  'className =': 'element.className = "x" + (i & 7)',
  'textContent =': 'child.textContent = "x" + (i & 7)',
  'innerHTML =': 'child.innerHTML = "<b>x</b>"',
  innerHTML: 'element.innerHTML',
  'appendChild, remove': '(element.appendChild(child), child.remove())',
  'insertBefore, detached': 'detached.insertBefore(child, null)',
  'addEventListener, remove': '(child.addEventListener("x", nothing), child.removeEventListener("x", nothing))',
  dispatchEvent: 'child.dispatchEvent(new Event("x"))',
  postMessage: 'postMessage(i, "*")',
  'setTimeout, clearTimeout': 'clearTimeout(setTimeout(nothing, 1000))',
  'localStorage.getItem': 'localStorage.getItem("x")',
  'new Function': 'new Function("a", "return a + 1")',
  eval: 'eval("i + 1")',
  'error.stack': 'new Error("x").stack',
};

/** The loops are the page's own code, which every proxy has rewritten as it does. */
export const callsPage = (search) => `<!doctype html><title>Calls</title><link rel=icon href=data:,>
<body><p class=x>Calls</p><a href="/a">a</a><script>
globalThis.loops = (() => {
  const element = document.querySelector('p'), link = document.querySelector('a');
  const child = document.createElement('i'), detached = document.createElement('div');
  const nothing = () => {}, table = { a: 1, b: 2, c: 3, d: 4 }, keys = ['a', 'b', 'c', 'd'];
  const second = (duration, batch) => {
    const start = performance.now();
    let count = 0, now;
    do { batch(); count += 50; now = performance.now(); } while (now - start < duration);
    return (count * 1000) / (now - start);
  };
  let sink;
  return {
${Object.entries(calls)
  .map(
    ([name, call]) =>
      `    ${JSON.stringify(name)}: (duration) => second(duration, () => { for (let i = 0; i < 50; i++) sink = ${call}; }),`,
  )
  .join('\n')}
  };
})();
globalThis['calls${search.slice(1)}'] = true;
</script>`;

export async function measureCalls(subjects, site, { quick, progress }) {
  const samples = Object.fromEntries(Object.keys(calls).map((name) => [name, {}]));
  for (let round = 0; round < (quick ? 3 : 9); round++) {
    for (const [subject, visit] of Object.entries(subjects)) {
      progress(`calls, ${subject}, round ${round + 1}`);
      const frame = await show(visit, `${site}/calls?${round}`, `calls${round}`);
      for (const name of Object.keys(calls)) {
        const count = await frame.evaluate(
          ([key, duration]) => globalThis.loops[key](duration),
          [name, quick ? 20 : 150],
        );
        (samples[name][subject] ??= []).push(count);
      }
    }
  }
  return Object.entries(samples).flatMap(([name, bySubject]) => summarize(`calls/${name}`, 'calls/s', bySubject));
}

/**
 * What every page of this folder loads first: `fact(name, value)` puts a row in the table that a reader sees, and in the list that
 * `platform.spec.ts` compares. A page states facts and judges none of them.
 */
const facts = { rows: [], isComplete: false };

/** Milliseconds that a fact may take; it then reads `nothing came`. */
const factLimit = 3000;

/** The same server as another site: by hand too, as browsers resolve all names below localhost. */
const other = `http://other.localhost:${location.port}`;

/** Another origin of the same site. */
const sibling = `http://other.${location.host}`;

/** Found out after the load event, so that what navigates is no part of the page's own load. */
let previousFact = new Promise((resolve) => addEventListener('load', () => setTimeout(resolve)));

/**
 * @param value what is so, or a function that finds it out (also asynchronously): those run one after the other, while what is no
 * function is looked at at once
 */
function fact(name, value) {
  const now = typeof value === 'function' ? undefined : show(value);
  previousFact = previousFact.then(async () => {
    facts.rows.push([name, now ?? (await settled(value))]);
  });
}

async function settled(read) {
  const late = new Promise((resolve) => setTimeout(resolve, factLimit, 'nothing came'));
  try {
    return show(await Promise.race([read(), late]));
  } catch (error) {
    return `threw ${describeError(error)}`;
  }
}

const describeError = (error) => (error && error.name ? `${error.name}: ${error.message}` : show(error));

/** Runs it, and gives what it threw as a value among others. */
function attempt(read) {
  try {
    return read();
  } catch (error) {
    return `threw ${describeError(error)}`;
  }
}

/** A value as text that two visits have in common: JSON, with a name for what JSON cannot hold. */
function show(value, depth = 3) {
  if (value === undefined || value === null) return String(value);
  if (typeof value === 'string') return depth === 3 ? value : JSON.stringify(value);
  if (typeof value === 'function') return `function ${value.name}/${value.length}`;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Error) return describeError(value);
  if (Array.isArray(value)) return `[${value.map((item) => show(item, depth - 1)).join(', ')}]`;
  const prototype = Object.getPrototypeOf(value);
  if ((prototype !== Object.prototype && prototype !== null) || depth <= 0)
    return Object.prototype.toString.call(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${show(item, depth - 1)}`)
    .join(', ')}}`;
}

/** The first event of a type. */
const once = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));

/** The first message that comes to the window from `source`, as the event. */
function messageFrom(source) {
  return new Promise((resolve) => {
    addEventListener('message', function listen(event) {
      if (source && event.source !== source) return;
      removeEventListener('message', listen);
      resolve(event);
    });
  });
}

/** An element with these properties, in the page. */
function put(name, properties = {}) {
  const element = Object.assign(document.createElement(name), properties);
  document.body.append(element);
  return element;
}

/** A frame that has loaded. */
async function loadedFrame(properties) {
  const frame = document.createElement('iframe');
  const load = once(frame, 'load');
  Object.assign(frame, properties);
  document.body.append(frame);
  await load;
  return frame;
}

/** The flags and kinds of an own property. */
function descriptor(object, name) {
  const own = Object.getOwnPropertyDescriptor(object, name);
  if (!own) return 'none';
  const flags = ['writable', 'enumerable', 'configurable'].filter((flag) => own[flag]).join(' ');
  return 'value' in own
    ? `value ${typeof own.value}, ${flags}`
    : `${own.get ? 'get ' : ''}${own.set ? 'set ' : ''}${flags}`;
}

/** A URL of this server that answers what its query says; see `serve.mjs`. */
const answering = (query, origin = location.origin) => `${origin}/~/answer?${new URLSearchParams(query)}`;

addEventListener('load', async () => {
  await previousFact;
  facts.isComplete = true;
  const table = document.createElement('table');
  table.id = 'facts';
  for (const row of facts.rows) {
    const line = table.insertRow();
    for (const text of row) line.insertCell().textContent = text;
  }
  table.border = 1;
  document.body.append(table);
});

/**
 * @module Enough of the stack of open elements to know, without building a tree, in which namespace a tag's element is:
 * that decides how what follows is tokenized (a `<title>` of SVG is markup, CDATA sections exist in foreign content).
 *
 * Kept exactly: foreign content, its integration points, what breaks out of it, scopes of end tags. Left out, since no
 * namespace depends on it: reconstruction of formatting elements, foster parenting, the finer points of tables.
 */
import type { Token } from 'parse5';
import { htmlNamespace, mathMlNamespace, svgNamespace } from './namespaces.js';

interface OpenElement {
  name: string;
  namespace: string;
  /** What its content may be, if the element is a foreign one whose content is HTML. */
  integrationPoint: 'html' | 'mathml-text' | 'annotation-xml' | null;
}

/** Browsers stop nesting at a depth of a few hundred; an end tag looks no further than this for its start tag. */
const furthestMatch = 1024;

export class OpenElements {
  readonly #stack: OpenElement[] = [];
  readonly #counts = new Map<string, number>();

  /** Whether the current node is foreign and no integration point: there, `<![CDATA[` begins a CDATA section. */
  get isInForeignContent(): boolean {
    const current = this.#stack.at(-1);
    return current !== undefined && current.namespace !== htmlNamespace && current.integrationPoint === null;
  }

  get depth(): number {
    return this.#stack.length;
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  /** Opens the element of a start tag and returns its namespace. */
  startTag(token: Token.TagToken): string {
    const name = token.tagName;
    const current = this.#stack.at(-1);
    if (current !== undefined && current.namespace !== htmlNamespace && isForeignStartTag(current, name)) {
      if (!breaksOut(token)) {
        if (!token.selfClosing) this.#push(name, current.namespace, token);
        return current.namespace;
      }
      this.#popForeign();
    }
    if (name === 'svg' || name === 'math') {
      const namespace = name === 'svg' ? svgNamespace : mathMlNamespace;
      if (!token.selfClosing) this.#push(name, namespace, token);
      return namespace;
    }
    if (!unopened.has(name)) {
      this.#closeImplied(name);
      this.#push(name, htmlNamespace, token);
    }
    return htmlNamespace;
  }

  /** What a start tag closes "in body" (and a cell or row closes the one before it, so that the stack stays small). */
  #closeImplied(name: string): void {
    if (name === 'li') this.#closeItem(listItems);
    else if (name === 'dd' || name === 'dt') this.#closeItem(definitionItems);
    if (closesParagraph.has(name) && this.has('p')) this.#closeInScope(isParagraph, buttonScope);
    const current = this.#stack.at(-1);
    if (current === undefined || current.namespace !== htmlNamespace) return;
    if (headings.has(name) ? headings.has(current.name) : closedBySibling.has(name) && current.name === name)
      this.#pop();
    if (name === 'button' && this.has('button')) this.#closeInScope((open) => open === 'button', scope);
  }

  /** https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody, start tags "li", "dd" and "dt" */
  #closeItem(items: ReadonlySet<string>): void {
    for (let i = this.#stack.length - 1; i >= Math.max(0, this.#stack.length - furthestMatch); i--) {
      const { name, namespace, integrationPoint } = this.#stack[i]!;
      if (namespace !== htmlNamespace) {
        if (integrationPoint !== null) return;
        continue;
      }
      if (items.has(name)) {
        this.#popTo(i);
        return;
      }
      if (special.has(name) && name !== 'address' && name !== 'div' && name !== 'p') return;
    }
  }

  endTag(name: string): void {
    const current = this.#stack.at(-1);
    if (current === undefined) return;
    if (current.name === name && current.namespace === htmlNamespace) {
      this.#pop();
      return;
    }
    if (current.namespace !== htmlNamespace) {
      if (name === 'br' || name === 'p') this.#popForeign();
      else if (this.#endForeign(name)) return;
    }
    this.#endHtml(name);
  }

  /** https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign, "any other end tag" */
  #endForeign(name: string): boolean {
    if (!this.has(name)) return false;
    for (let i = this.#stack.length - 1; i >= Math.max(0, this.#stack.length - furthestMatch); i--) {
      const element = this.#stack[i]!;
      if (element.namespace === htmlNamespace) return false;
      if (element.name === name) {
        this.#popTo(i);
        return true;
      }
    }
    return false;
  }

  /** "in body" and "in table": the nearest element of that name in the scope that its end tag asks for. */
  #endHtml(name: string): void {
    if (name === 'html' || name === 'body') return;
    if (headings.has(name)) this.#closeInScope((open) => headings.has(open), scope);
    else if (this.has(name)) this.#closeInScope((open) => open === name, scopeOf(name));
  }

  #closeInScope(isWanted: (name: string) => boolean, boundaries: ReadonlySet<string>): void {
    for (let i = this.#stack.length - 1; i >= Math.max(0, this.#stack.length - furthestMatch); i--) {
      const element = this.#stack[i]!;
      if (element.namespace === htmlNamespace) {
        if (isWanted(element.name)) {
          this.#popTo(i);
          return;
        }
        if (boundaries.has(element.name)) return;
      } else if (element.integrationPoint !== null && boundaries !== tableScope && boundaries !== noScope) {
        return;
      }
    }
  }

  #push(name: string, namespace: string, token: Token.TagToken): void {
    this.#stack.push({ name, namespace, integrationPoint: integrationPoint(name, namespace, token) });
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #pop(): void {
    const { name } = this.#stack.pop()!;
    this.#counts.set(name, this.#counts.get(name)! - 1);
  }

  #popTo(index: number): void {
    while (this.#stack.length > index) this.#pop();
  }

  /** Until the current node is an HTML element or an integration point (annotation-xml of other content is none). */
  #popForeign(): void {
    for (;;) {
      const current = this.#stack.at(-1);
      if (current === undefined || current.namespace === htmlNamespace) return;
      if (current.integrationPoint === 'html' || current.integrationPoint === 'mathml-text') return;
      this.#pop();
    }
  }
}

/** https://html.spec.whatwg.org/multipage/parsing.html#tree-construction-dispatcher, for a start tag */
function isForeignStartTag(current: OpenElement, name: string): boolean {
  switch (current.integrationPoint) {
    case 'html':
      return false;
    case 'mathml-text':
      return name === 'mglyph' || name === 'malignmark';
    case 'annotation-xml':
      return name !== 'svg';
    case null:
      return true;
  }
}

function integrationPoint(name: string, namespace: string, token: Token.TagToken): OpenElement['integrationPoint'] {
  if (namespace === svgNamespace) {
    return name === 'foreignobject' || name === 'desc' || name === 'title' ? 'html' : null;
  }
  if (namespace !== mathMlNamespace) return null;
  if (name === 'mi' || name === 'mo' || name === 'mn' || name === 'ms' || name === 'mtext') return 'mathml-text';
  if (name !== 'annotation-xml') return null;
  const encoding = token.attrs.find((attribute) => attribute.name === 'encoding')?.value.toLowerCase();
  return encoding === 'text/html' || encoding === 'application/xhtml+xml' ? 'html' : 'annotation-xml';
}

function breaksOut(token: Token.TagToken): boolean {
  if (token.tagName !== 'font') return breakouts.has(token.tagName);
  return token.attrs.some(({ name }) => name === 'color' || name === 'face' || name === 'size');
}

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

const breakouts = names(
  'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta ' +
    'nobr ol p pre ruby s small span strong strike sub sup table tt u ul var',
);

/** Void elements, and those of which a second start tag only adds attributes. */
const unopened = names(
  'area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr html head body',
);

const closedBySibling = names('option optgroup tr td th rp rt');

const headings = names('h1 h2 h3 h4 h5 h6');
const listItems = names('li');
const definitionItems = names('dd dt');
const isParagraph = (name: string): boolean => name === 'p';

/** Start tags that first close a p element in button scope. (A table does so but in quirks mode.) */
const closesParagraph = names(
  'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup ' +
    'main menu nav ol p search section summary ul h1 h2 h3 h4 h5 h6 pre listing form li dd dt plaintext hr xmp table',
);

/** https://html.spec.whatwg.org/multipage/parsing.html#has-an-element-in-scope */
const scope = names('applet caption html table td th marquee object select template');
const listItemScope: ReadonlySet<string> = new Set([...scope, 'ol', 'ul']);
const buttonScope: ReadonlySet<string> = new Set([...scope, 'button']);
const tableScope = names('html table template');
const noScope: ReadonlySet<string> = new Set();

const tableParts = names('table caption colgroup tbody tfoot thead tr td th');

/** Elements whose end tag closes the nearest one in scope, over anything in between. */
const scoped = names(
  'address applet article aside blockquote button center details dialog dir div dl dd dt fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 header hgroup listing main marquee menu nav object ol pre search section select ' +
    'summary ul',
);

/** An "any other end tag" gives up at the first special element. */
const special = names(
  'address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd ' +
    'details dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header ' +
    'hgroup hr html iframe img input keygen li link listing main marquee menu meta nav noembed noframes noscript ' +
    'object ol p param plaintext pre script search section select source style summary table tbody td template ' +
    'textarea tfoot th thead title tr track ul wbr xmp',
);

function scopeOf(name: string): ReadonlySet<string> {
  if (name === 'template') return noScope;
  if (tableParts.has(name)) return tableScope;
  if (name === 'li') return listItemScope;
  if (name === 'p') return buttonScope;
  return scoped.has(name) ? scope : special;
}

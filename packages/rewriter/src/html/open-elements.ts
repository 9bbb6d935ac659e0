/**
 * @module Enough of the stack of open elements to know, without building a tree, in which namespace a tag's element is:
 * that decides how what follows is tokenized (a `<title>` of SVG is markup, CDATA sections exist in foreign content).
 *
 * Kept exactly: foreign content, its integration points, what breaks out of it, scopes of end tags, parts of tables that have no
 * tag, what the adoption agency leaves on the stack. Left out, since no namespace depends on it: reconstruction of formatting
 * elements, foster parenting.
 */
import type { Token } from 'parse5';
import { elementKind, elementKindCount, ElementFlag, type ElementKind } from './element-kind.js';
import { htmlNamespace, mathMlNamespace, svgNamespace } from './namespaces.js';

interface OpenElement {
  kind: ElementKind;
  namespace: string;
  /** What its content may be, if the element is a foreign one whose content is HTML. */
  integrationPoint: 'html' | 'mathml-text' | 'annotation-xml' | null;
}

/** Browsers stop nesting at a depth of a few hundred; an end tag looks no further than this for its start tag. */
const furthestMatch = 1024;

const paragraph = elementKind('p');
const button = elementKind('button');
const form = elementKind('form');
const table = elementKind('table');
const template = elementKind('template');
const tableBody = elementKind('tbody');
const tableRow = elementKind('tr');

const notInTable = 9;

/** How far inside a table: a part stands in one of a lower rank. */
function partRank({ name, flags }: ElementKind): number {
  if ((flags & ElementFlag.tablePart) === 0) return notInTable;
  if (name === 'table') return 0;
  if (name === 'tr') return 2;
  return name === 'td' || name === 'th' ? 3 : 1;
}

export class OpenElements {
  readonly #stack: OpenElement[] = [];
  /** Open elements by the index of their kind, and by name for those that have none. */
  readonly #counts = new Int32Array(elementKindCount);
  readonly #otherCounts = new Map<string, number>();

  /** Whether the current node is foreign and no integration point: there, `<![CDATA[` begins a CDATA section. */
  get isInForeignContent(): boolean {
    const current = this.#current;
    return current !== undefined && current.namespace !== htmlNamespace && current.integrationPoint === null;
  }

  get depth(): number {
    return this.#stack.length;
  }

  has(name: string): boolean {
    return this.#hasKind(elementKind(name));
  }

  /** Opens the element of a start tag and returns its namespace. */
  startTag(token: Token.TagToken): string {
    const name = token.tagName;
    const kind = elementKind(name);
    const current = this.#current;
    if (current !== undefined && current.namespace !== htmlNamespace && isForeignStartTag(current, name)) {
      if (!breaksOut(token, kind)) {
        if (!token.selfClosing) this.#pushForeign(kind, current.namespace, token);
        return current.namespace;
      }
      this.#popForeign();
    }
    if (name === 'svg' || name === 'math') {
      const namespace = name === 'svg' ? svgNamespace : mathMlNamespace;
      if (!token.selfClosing) this.#pushForeign(kind, namespace, token);
      return namespace;
    }
    if ((kind.flags & ElementFlag.unopened) === 0) {
      if ((kind.flags & ElementFlag.tablePart) !== 0) {
        if (!(kind === table ? this.#enterTable() : this.#enterTablePart(kind))) return htmlNamespace;
      } else if (kind === form && this.#hasKind(form) && !this.#hasKind(template)) {
        return htmlNamespace;
      }
      if (kind.flags !== 0) this.#closeImplied(kind);
      this.#push(kind, htmlNamespace, null);
    }
    return htmlNamespace;
  }

  endTag(name: string): void {
    const current = this.#current;
    if (current === undefined) return;
    if (current.kind.name === name && current.namespace === htmlNamespace) {
      this.#pop();
      return;
    }
    const kind = elementKind(name);
    if (current.namespace !== htmlNamespace) {
      if (name === 'br' || name === 'p') this.#popForeign();
      else if (this.#endForeign(kind)) return;
    }
    this.#endHtml(kind);
  }

  get #current(): OpenElement | undefined {
    return this.#stack[this.#stack.length - 1];
  }

  #hasKind(kind: ElementKind): boolean {
    return (kind.index > 0 ? this.#counts[kind.index]! : (this.#otherCounts.get(kind.name) ?? 0)) > 0;
  }

  /** What a start tag closes "in body" (and a cell or row closes the one before it, so that the stack stays small). */
  #closeImplied(kind: ElementKind): void {
    const { flags, name } = kind;
    if ((flags & ElementFlag.listItem) !== 0) this.#closeItem(ElementFlag.listItem);
    else if ((flags & ElementFlag.definitionItem) !== 0) this.#closeItem(ElementFlag.definitionItem);
    if ((flags & ElementFlag.closesParagraph) !== 0 && this.#hasKind(paragraph)) {
      this.#closeInScope(paragraph, 0, ElementFlag.buttonScope);
    }
    const current = this.#current;
    if (current === undefined || current.namespace !== htmlNamespace) return;
    if (
      (flags & ElementFlag.heading) !== 0
        ? (current.kind.flags & ElementFlag.heading) !== 0
        : (flags & ElementFlag.closedBySibling) !== 0 && current.kind.name === name
    ) {
      this.#pop();
    }
    if (kind === button && this.#hasKind(button)) this.#closeInScope(button, 0, ElementFlag.scope);
  }

  /** Directly in a table (a cell is not), a table closes that one; in the parts of one that a template holds it is ignored. */
  #enterTable(): boolean {
    if (!this.#hasKind(tableBody) && !this.#hasKind(tableRow) && !this.#hasKind(table) && !this.#hasKind(template))
      return true;
    let isInPart = false;
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const { kind, namespace } = this.#stack[i]!;
      if (namespace !== htmlNamespace) continue;
      if (kind === template) return !isInPart;
      const rank = partRank(kind);
      if (rank === notInTable) continue;
      if (!isInPart && (rank === 3 || kind.name === 'caption')) return true;
      isInPart = true;
      if (kind !== table) continue;
      this.#popTo(i);
      return true;
    }
    return !isInPart;
  }

  /**
   * Makes the place for a part of a table: closes what is open in a part of the same rank, opens the parts that have no
   * tag. false where there is no table: such a tag is ignored.
   *
   * @see https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-intable and the insertion modes after it
   */
  #enterTablePart(part: ElementKind): boolean {
    if (!this.#hasKind(table) && !this.#hasKind(template)) return false;
    const rank = partRank(part);
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const { kind, namespace } = this.#stack[i]!;
      if (namespace !== htmlNamespace) continue;
      const outerRank = partRank(kind);
      if (kind !== template && (outerRank === notInTable || outerRank >= rank)) continue;
      this.#popTo(i + 1);
      if (kind === template) return true;
      if (outerRank < 1 && rank > 1) this.#push(tableBody, htmlNamespace, null);
      if (outerRank < 2 && rank > 2) this.#push(tableRow, htmlNamespace, null);
      return true;
    }
    return false;
  }

  /** https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody, start tags "li", "dd" and "dt" */
  #closeItem(item: number): void {
    for (let i = this.#stack.length - 1; i >= Math.max(0, this.#stack.length - furthestMatch); i--) {
      const { kind, namespace, integrationPoint } = this.#stack[i]!;
      if (namespace !== htmlNamespace) {
        if (integrationPoint !== null) return;
        continue;
      }
      if ((kind.flags & item) !== 0) {
        this.#popTo(i);
        return;
      }
      const isPassed = kind.name === 'address' || kind.name === 'div' || kind.name === 'p';
      if ((kind.flags & ElementFlag.special) !== 0 && !isPassed) return;
    }
  }

  /** https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inforeign, "any other end tag" */
  #endForeign(kind: ElementKind): boolean {
    if (!this.#hasKind(kind)) return false;
    for (let i = this.#stack.length - 1; i >= Math.max(0, this.#stack.length - furthestMatch); i--) {
      const element = this.#stack[i]!;
      if (element.namespace === htmlNamespace) return false;
      if (element.kind.name === kind.name) {
        this.#popTo(i);
        return true;
      }
    }
    return false;
  }

  /** "in body" and "in table": the nearest element of that name in the scope that its end tag asks for. */
  #endHtml(kind: ElementKind): void {
    if (kind.name === 'html' || kind.name === 'body') return;
    if ((kind.flags & ElementFlag.heading) !== 0) this.#closeInScope(kind, ElementFlag.heading, ElementFlag.scope);
    else if (!this.#hasKind(kind)) return;
    else if (kind === form && !this.#hasKind(template)) this.#removeForm();
    else if ((kind.flags & ElementFlag.formatting) !== 0) this.#endFormatting(kind);
    else this.#closeInScope(kind, 0, boundariesOf(kind));
  }

  /** A form does not close what is open in it: https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-inbody */
  #removeForm(): void {
    for (;;) {
      const current = this.#current!;
      if (current.namespace !== htmlNamespace || (current.kind.flags & ElementFlag.impliedEnd) === 0) break;
      this.#pop();
    }
    const index = this.#stack.findLastIndex(({ kind, namespace }) => kind === form && namespace === htmlNamespace);
    if (index >= 0) this.#remove(index);
  }

  /**
   * What the adoption agency leaves on the stack: the blocks in the formatting element, not what is open in the last of them.
   *
   * @see https://html.spec.whatwg.org/multipage/parsing.html#adoption-agency-algorithm
   */
  #endFormatting(wanted: ElementKind): void {
    let innermostBlock = -1;
    for (let i = this.#stack.length - 1; i >= Math.max(0, this.#stack.length - furthestMatch); i--) {
      const { kind, namespace, integrationPoint } = this.#stack[i]!;
      const isHtml = namespace === htmlNamespace;
      if (isHtml && kind === wanted) {
        this.#popTo(innermostBlock < 0 ? i : innermostBlock + 1);
        if (innermostBlock >= 0) this.#remove(i);
        return;
      }
      if (isHtml ? (kind.flags & ElementFlag.scope) !== 0 : integrationPoint !== null) return;
      if (isHtml && (kind.flags & ElementFlag.special) !== 0 && innermostBlock < 0) innermostBlock = i;
    }
  }

  /** Closes the nearest element of a kind, or with any of the flags, up to the first with a flag of `boundaries`. */
  #closeInScope(wanted: ElementKind, wantedFlags: number, boundaries: number): void {
    for (let i = this.#stack.length - 1; i >= Math.max(0, this.#stack.length - furthestMatch); i--) {
      const { kind, namespace, integrationPoint } = this.#stack[i]!;
      if (namespace === htmlNamespace) {
        if (kind.name === wanted.name || (kind.flags & wantedFlags) !== 0) {
          this.#popTo(i);
          return;
        }
        if ((kind.flags & boundaries) !== 0) return;
      } else if (integrationPoint !== null && boundaries !== ElementFlag.tableScope && boundaries !== 0) {
        return;
      }
    }
  }

  #pushForeign(kind: ElementKind, namespace: string, token: Token.TagToken): void {
    this.#push(kind, namespace, integrationPoint(kind.name, namespace, token));
  }

  #push(kind: ElementKind, namespace: string, integrationPoint: OpenElement['integrationPoint']): void {
    this.#stack.push({ kind, namespace, integrationPoint });
    this.#count(kind, 1);
  }

  #pop(): void {
    this.#count(this.#stack.pop()!.kind, -1);
  }

  #count({ index, name }: ElementKind, difference: 1 | -1): void {
    if (index > 0) {
      this.#counts[index]! += difference;
      return;
    }
    const count = (this.#otherCounts.get(name) ?? 0) + difference;
    if (count > 0) this.#otherCounts.set(name, count);
    else this.#otherCounts.delete(name);
  }

  #remove(index: number): void {
    this.#count(this.#stack[index]!.kind, -1);
    this.#stack.splice(index, 1);
  }

  #popTo(index: number): void {
    while (this.#stack.length > index) this.#pop();
  }

  /** Until the current node is an HTML element or an integration point (annotation-xml of other content is none). */
  #popForeign(): void {
    for (;;) {
      const current = this.#current;
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
  if (name === 'mi' || name === 'mo' || name === 'mn' || name === 'ms' || name === 'mtext') return 'mathml-text';
  if (name !== 'annotation-xml') return null;
  const encoding = token.attrs.find((attribute) => attribute.name === 'encoding')?.value.toLowerCase();
  return encoding === 'text/html' || encoding === 'application/xhtml+xml' ? 'html' : 'annotation-xml';
}

function breaksOut(token: Token.TagToken, kind: ElementKind): boolean {
  if (kind.name !== 'font') return (kind.flags & ElementFlag.breaksOut) !== 0;
  return token.attrs.some(({ name }) => name === 'color' || name === 'face' || name === 'size');
}

/** The flag of the elements at which the search for what an end tag closes ends; 0 for none. */
function boundariesOf(kind: ElementKind): number {
  if (kind.name === 'template') return 0;
  if ((kind.flags & ElementFlag.tablePart) !== 0) return ElementFlag.tableScope;
  if (kind.name === 'li') return ElementFlag.listItemScope;
  if (kind === paragraph) return ElementFlag.buttonScope;
  return (kind.flags & ElementFlag.scoped) !== 0 ? ElementFlag.scope : ElementFlag.special;
}

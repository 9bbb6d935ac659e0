/**
 * @module Rewrites an XML document (XHTML, SVG) as it comes in, by the same table as HTML, and keeps it well formed.
 *
 * A document that is not well formed ends, for its reader, at the first error. So does what comes out here: nothing
 * leaves after a construct that is none of XML's, which the reader of it must refuse as well.
 */
import { rewriteStylesheet, rewritesStylesheets } from '../css/rewrite-stylesheet.js';
import {
  eventHandlerRule,
  isEventHandlerName,
  rewriteAttribute,
  rulesForElement,
  type AttributeContext,
} from '../html/attribute-rules.js';
import { resolveBase } from '../html/attribute-rewrites.js';
import { companionName, companionPrefix } from '../html/companion.js';
import type { HtmlContext } from '../html/html-context.js';
import { rewriteImportMap } from '../html/import-map.js';
import { htmlNamespace, mathMlNamespace, svgNamespace } from '../html/namespaces.js';
import { rewriteHtml } from '../html/rewrite-html.js';
import { scriptElementKind } from '../html/script-type.js';
import { rewriteScript } from '../js/index.js';
import { isScoped, parseUrl, toBrowser } from '../url/index.js';
import { XmlNamespaces, type OpenXmlElement } from './xml-namespaces.js';
import { decodeXml, encodeContent, encodeXml, textOfContent } from './xml-text.js';

export interface XmlContext extends Omit<HtmlContext, 'bootHtml'> {
  /** Well-formed, with its own namespaces: `<base xmlns="..." href="..."/><script xmlns="...">...</script>`. */
  bootXml: string;
  /** For the documents in `srcdoc` attributes, which are HTML. */
  bootHtml?: HtmlContext['bootHtml'];
}

/** Quoted values, so that no `>` inside one ends the tag. */
const startTag = /<([^\s<>/=!?"'&]+)((?:\s+[^\s<>/="'&]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const attribute = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const endTag = /<\/([^\s<>/]+)\s*>/y;
/** An internal subset holds quoted strings, comments and processing instructions, in which brackets mean nothing. */
const doctype =
  /<!DOCTYPE(?:[^"'[<>]|"[^"]*"|'[^']*')*(?:\[((?:[^"'\]<]|"[^"]*"|'[^']*'|<!--[^]*?-->|<\?[^]*?\?>|<![A-Z])*)\]\s*)?>/y;
const entityDeclaration = /<!ENTITY\s+(%\s+)?([^\s"'%]+)\s+(?:"([^"]*)"|'([^']*)')\s*>/g;
const stylesheetInstruction = /^(<\?xml-stylesheet\s[^]*?\bhref\s*=\s*)("[^"]*"|'[^']*')/;

const documentNamespaces: ReadonlySet<string> = new Set([htmlNamespace, svgNamespace, mathMlNamespace]);

interface HeldElement {
  element: OpenXmlElement;
  kind: 'script' | 'module' | 'importmap' | 'style';
  depth: number;
  /** Where its content begins. */
  start: number;
}

export class XmlSplicer {
  readonly #context: XmlContext;
  readonly #attributeContext: AttributeContext;
  readonly #namespaces = new XmlNamespaces();
  readonly #entities = new Map<string, string>();
  #attributes: ReadonlyMap<string, string> = new Map();
  #source = '';
  #position = 0;
  #copied = 0;
  #output = '';
  #held: HeldElement | null = null;
  #bootIsDue = true;
  #hasBase = false;
  #isOver = false;
  /** A construct that has no end yet is not read again before there is twice as much. */
  #nextLength = 0;

  constructor(context: XmlContext) {
    this.#context = context;
    this.#attributeContext = {
      baseUrl: context.documentUrl,
      documentUrl: context.documentUrl,
      settings: context.settings,
      getAttribute: (name) => this.#attributes.get(name) ?? null,
      rewriteSrcdoc: (html) => {
        const { bootHtml = '', ...rest } = context;
        return rewriteHtml(html, { ...rest, bootHtml, documentUrl: this.#attributeContext.baseUrl });
      },
      ...(context.sandboxedFrames === undefined ? {} : { sandboxedFrames: context.sandboxedFrames }),
    };
  }

  /** Takes more of the document and returns what of it can leave. */
  write(xml: string): string {
    if (this.#isOver) return '';
    this.#source += xml;
    if (this.#source.length < this.#nextLength) return '';
    this.#advance(false);
    return this.#take(this.#held === null ? this.#position : this.#held.start);
  }

  /** The rest. */
  end(): string {
    if (this.#isOver) return '';
    this.#advance(true);
    return this.#take(this.#source.length);
  }

  #advance(isLast: boolean): void {
    while (!this.#isOver) {
      const start = this.#source.indexOf('<', this.#position);
      if (start < 0) {
        if (this.#held === null) this.#position = this.#source.length;
        return;
      }
      this.#position = start;
      const end = this.#construct(start);
      if (end < 0) {
        if (!isLast) return;
        // A doctype that was not understood may hold a document that is: nothing of it may leave as it is. Anything
        // else is cut off, and so is an error, and so is a script that is not closed.
        if (this.#source.startsWith('<!DOCTYPE', start)) this.#stop(start);
        else this.#position = this.#source.length;
        return;
      }
      this.#position = end;
    }
  }

  /** Reads what begins at `start`; -1 when its end is not there yet. */
  #construct(start: number): number {
    const source = this.#source;
    if (source.startsWith('<!--', start)) return this.#after('-->', start + 4);
    if (source.startsWith('<![CDATA[', start)) return this.#after(']]>', start + 9);
    if (source.startsWith('<?', start)) return this.#instruction(start);
    if (source.startsWith('<!DOCTYPE', start)) return this.#doctype(start);
    if (source.startsWith('<!', start)) return this.#isStartOfDeclaration(start) ? -1 : this.#stop(start);
    if (source.startsWith('</', start)) return this.#match(endTag, start, () => this.#endElement(start));
    return this.#match(startTag, start, (match) => this.#startElement(match, start));
  }

  #after(delimiter: string, from: number): number {
    const found = this.#source.indexOf(delimiter, from);
    return found < 0 ? -1 : found + delimiter.length;
  }

  /** What does not match and has an end that it should have had is an error. */
  #match(pattern: RegExp, start: number, onMatch: (match: RegExpExecArray) => void): number {
    pattern.lastIndex = start;
    const match = pattern.exec(this.#source);
    if (match === null) return this.#isCutOff(start) ? -1 : this.#stop(start);
    const end = pattern.lastIndex;
    onMatch(match);
    return end;
  }

  /** Whether more input could still make a tag of it: no `<` outside quotes, and no `>` that would have ended it. */
  #isCutOff(start: number): boolean {
    const rest = this.#source.slice(start + 1);
    return /^(?:[^<>"']|"[^"<]*"|'[^'<]*')*(?:"[^"<]*|'[^'<]*)?$/.test(rest);
  }

  /** A `<` leaves and nothing after it: the reader finds an error there as it would have here. */
  #stop(start: number): number {
    this.#isOver = true;
    // (A script that is not closed by then does not run: its text does not have to leave.)
    const end = this.#held?.start ?? start;
    this.#held = null;
    this.#replace(end, this.#source.length, '<');
    return this.#source.length;
  }

  #isStartOfDeclaration(start: number): boolean {
    const rest = this.#source.slice(start);
    return ['<!--', '<![CDATA[', '<!DOCTYPE'].some((opening) => opening.startsWith(rest));
  }

  #instruction(start: number): number {
    const end = this.#after('?>', start + 2);
    if (end < 0) return -1;
    const instruction = this.#source.slice(start, end);
    const match = stylesheetInstruction.exec(instruction);
    if (this.#isTransformation(instruction)) {
      // What a transformation makes is a document that nobody has rewritten: the browser shows the tree instead.
      this.#replace(start + 2, start + 2, companionPrefix);
      return end;
    }
    // It stands before any base element, so the browser would resolve it against the proxy URL.
    if (match !== null) {
      const url = parseUrl(decodeXml(match[2]!.slice(1, -1), this.#entities), this.#context.documentUrl);
      if (url !== null) {
        const proxyUrl = toBrowser(url.href, 'stylesheet', this.#context.settings);
        const valueStart = start + match[1]!.length;
        this.#replace(valueStart, valueStart + match[2]!.length, `"${encodeXml(proxyUrl)}"`);
      }
    }
    return end;
  }

  /** https://www.w3.org/TR/xml-stylesheet/: for browsers, whatever has a type and is no CSS may be XSLT. */
  #isTransformation(instruction: string): boolean {
    if (!/^<\?xml-stylesheet\s/.test(instruction)) return false;
    const type = /\stype\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(instruction);
    const essence = decodeXml(type?.[1] ?? type?.[2] ?? '', this.#entities)
      .split(';')[0]!
      .trim()
      .toLowerCase();
    return essence !== '' && essence !== 'text/css';
  }

  /**
   * Entities that hold markup would bring elements into the document that nobody has rewritten, and parameter entities
   * could declare such: their values are emptied. (Browsers read no external subset.)
   */
  #doctype(start: number): number {
    doctype.lastIndex = start;
    const match = doctype.exec(this.#source);
    if (match === null) return -1; // not there yet, or not understood: see #advance
    const subset = match[1] ?? '';
    const subsetStart = start + match[0].indexOf('[') + 1;
    for (const declaration of subset.matchAll(entityDeclaration)) {
      const [whole, isParameter, name, doubleQuoted, singleQuoted] = declaration;
      const value = doubleQuoted ?? singleQuoted ?? '';
      const declarationStart = subsetStart + declaration.index;
      if (isParameter !== undefined || /[<&%]/.test(value)) {
        const valueStart = declarationStart + whole.lastIndexOf(value);
        if (value !== '') this.#replace(valueStart, valueStart + value.length, '');
      } else if (!this.#entities.has(name!)) {
        this.#entities.set(name!, value);
      }
    }
    return doctype.lastIndex;
  }

  #startElement(match: RegExpExecArray, start: number): void {
    const [tag, qualifiedName, attributesText, solidus] = match;
    const written = new Map<string, string>();
    for (const [, name, doubleQuoted, singleQuoted] of attributesText!.matchAll(attribute)) {
      written.set(name!, decodeXml((doubleQuoted ?? singleQuoted)!.replace(/[\t\n\r]/g, ' '), this.#entities));
    }
    const element = this.#namespaces.open(qualifiedName!, written);
    const end = start + tag.length;
    if (this.#held === null) {
      if (documentNamespaces.has(element.namespace)) {
        if (this.#namespaces.depth > 1) this.#inject(element, solidus === '/', start, end);
        this.#rewriteAttributes(element, written, attributesText!, start + 1 + qualifiedName!.length);
        this.#inject(element, solidus === '/', start, end);
      }
    }
    if (solidus === '/') this.#namespaces.close();
    else if (this.#held === null) this.#hold(element, end);
  }

  #rewriteAttributes(element: OpenXmlElement, written: ReadonlyMap<string, string>, text: string, start: number): void {
    const byTableName = new Map<string, string>();
    for (const [name, value] of written) {
      const tableName = this.#namespaces.attributeName(name);
      if (tableName !== null) byTableName.set(tableName, value);
    }
    this.#attributes = byTableName;
    const rules = rulesForElement(element.localName, element.namespace);
    for (const match of text.matchAll(attribute)) {
      const name = this.#namespaces.attributeName(match[1]!);
      if (name === null) continue;
      const attributeStart = start + match.index;
      const attributeEnd = attributeStart + match[0].length;
      const rule = rules.get(name) ?? (isEventHandlerName(name) ? eventHandlerRule : null);
      if (rule === null) {
        if (name.startsWith(companionPrefix)) this.#replace(attributeStart, attributeEnd, '');
        continue;
      }
      const rewritten = rewriteAttribute(rule, byTableName.get(name)!, this.#attributeContext);
      if (rewritten === null) continue;
      const companion =
        rewritten.companion === undefined ? '' : ` ${companionName(name)}="${encodeXml(rewritten.companion)}"`;
      this.#replace(attributeStart, attributeEnd, ` ${match[1]!}="${encodeXml(rewritten.value)}"${companion}`);
    }
    if (element.localName === 'base' && element.namespace === htmlNamespace) this.#noteBase();
  }

  #noteBase(): void {
    const href = this.#attributes.get('href');
    if (href === undefined || this.#hasBase) return;
    this.#hasBase = true;
    this.#attributeContext.baseUrl = resolveBase(href, this.#context.documentUrl);
  }

  /**
   * The boot is the first thing in the root element. A tree of data (a feed, a document with an XSLT stylesheet) gets none,
   * unless an element of a document stands in it: then it goes before that one, which may be or hold a script.
   */
  #inject(element: OpenXmlElement, isEmpty: boolean, start: number, end: number): void {
    if (!this.#bootIsDue) return;
    this.#bootIsDue = false;
    const { bootXml } = this.#context;
    if (this.#namespaces.depth > 1) this.#replace(start, start, bootXml);
    else if (!isEmpty) this.#replace(end, end, bootXml);
    else this.#replace(this.#source.lastIndexOf('/', end), end, `>${bootXml}</${element.qualifiedName}>`);
  }

  #hold(element: OpenXmlElement, start: number): void {
    const { namespace, localName } = element;
    if (namespace !== htmlNamespace && namespace !== svgNamespace) return;
    const kind =
      localName === 'style' ? this.#styleKind() : localName === 'script' ? this.#scriptKind(namespace) : null;
    if (kind !== null) this.#held = { element, kind, depth: this.#namespaces.depth, start };
  }

  #styleKind(): HeldElement['kind'] | null {
    return rewritesStylesheets(this.#context.settings) ? 'style' : null;
  }

  #scriptKind(namespace: string): HeldElement['kind'] | null {
    const { getAttribute } = this.#attributeContext;
    const url =
      namespace === htmlNamespace ? getAttribute('src') : (getAttribute('href') ?? getAttribute('xlink:href'));
    if (url !== null) return null;
    const kind = scriptElementKind(getAttribute);
    return kind === 'data' || kind === 'speculationrules' ? null : kind;
  }

  #endElement(start: number): void {
    const held = this.#held;
    if (held !== null && this.#namespaces.depth === held.depth) {
      this.#held = null;
      const text = textOfContent(this.#source.slice(held.start, start), this.#entities);
      const rewritten = this.#rewriteText(held.kind, text);
      if (rewritten !== text)
        this.#replace(held.start, start, encodeContent(rewritten, this.#source.slice(held.start, start)));
    }
    this.#namespaces.close();
  }

  #rewriteText(kind: HeldElement['kind'], text: string): string {
    const { settings, rewriteScript: rewriteBy } = this.#context;
    const { baseUrl } = this.#attributeContext;
    if (text.trim() === '') return text;
    switch (kind) {
      case 'style':
        return rewriteStylesheet(text, { baseUrl, settings });
      case 'importmap':
        return rewriteImportMap(text, { baseUrl, settings });
      case 'script':
      case 'module': {
        if (rewriteBy !== undefined) return rewriteBy(text, kind);
        if (!isScoped('module', settings)) return rewriteScript(text, { kind });
        return rewriteScript(text, {
          kind,
          scopedImports: { baseUrl, toBrowser: (url) => toBrowser(url, 'module', settings) },
        });
      }
    }
  }

  #replace(start: number, end: number, text: string): void {
    this.#output += this.#source.slice(this.#copied, start) + text;
    this.#copied = end;
  }

  #take(end: number): string {
    if (end > this.#copied) {
      this.#output += this.#source.slice(this.#copied, end);
      this.#copied = end;
    }
    const output = this.#output;
    this.#output = '';
    this.#source = this.#source.slice(this.#copied);
    this.#position -= this.#copied;
    if (this.#held !== null) this.#held.start -= this.#copied;
    this.#copied = 0;
    this.#nextLength = Math.min(this.#source.length * 2, this.#source.length + 1_000_000);
    return output;
  }
}

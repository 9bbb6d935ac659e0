/**
 * @module Rewrites HTML text as it comes in: what no rule touches leaves as the source had it, by range. Holds back no
 * more than the tag in progress and the text of an inline script (or of a style element, where CSS is rewritten).
 */
import type { Token, TokenHandler } from 'parse5';
import { rewriteStylesheet, rewritesStylesheets } from '../css/rewrite-stylesheet.js';
import { rewriteScript } from '../js/index.js';
import { queryEncoder } from '../text/encode-query.js';
import { isScoped, toBrowser } from '../url/index.js';
import {
  attributeRules,
  eventHandlerRule,
  isEventHandlerName,
  rewriteAttribute,
  rulesForElement,
  type AttributeContext,
} from './attribute-rules.js';
import { resolveBase } from './attribute-rewrites.js';
import { companionPrefix } from './companion.js';
import { decodeForeignText, encodeForeignText } from './foreign-text.js';
import type { HtmlContext } from './html-context.js';
import { rewriteImportMap } from './import-map.js';
import { MarkupTokenizer } from './markup-tokenizer.js';
import { htmlNamespace } from './namespaces.js';
import { OpenElements } from './open-elements.js';
import { scriptElementKind } from './script-type.js';
import type { WantedAttributes } from './tag-scanner.js';
import { spliceStartTag, type AttributeEdits } from './tag-splice.js';
import { textModeOf } from './text-mode.js';

/** `fragment`: not a document, so nothing is injected. */
export type SplicerContext = Omit<HtmlContext, 'bootHtml'> &
  Partial<Pick<HtmlContext, 'bootHtml'>> & { fragment?: boolean };

type HeldKind = 'script' | 'module' | 'importmap' | 'style' | 'text-in-select';

/** Text that is rewritten when its end is known. */
interface HeldText {
  kind: HeldKind;
  start: number;
  /** 0 for raw text of HTML; else the depth of the foreign element, whose text is markup and may come in pieces. */
  foreignDepth: number;
  /** The start tag, if what becomes of it is known at the end of the text: it may need a nonce. */
  tag?: { start: number; end: number; edits: AttributeEdits };
}

/** What may stand before the first thing that the parser would put into a document. `</>` is nothing at all. */
const beforeContent = /(?:[\t\n\f\r ]|<\/>)*/y;

const noEdits: AttributeEdits = new Map();

/** Each srcdoc inside a srcdoc is escaped once more; no page nests them, and this bounds what one could cost. */
const deepestSrcdoc = 8;

/** Besides those of the table: what decides on an integration point, and on a font element in foreign content. */
const wantedAttributes: WantedAttributes = {
  names: new Set([
    ...attributeRules.flatMap(({ attributes, dependsOn = [] }) => [...attributes, ...dependsOn]),
    ...['type', 'nonce', 'language', 'src', 'href', 'xlink:href', 'encoding', 'color', 'face', 'size'],
  ]),
  prefix: companionPrefix,
};

export class HtmlSplicer implements TokenHandler {
  readonly onParseError = null;

  readonly #context: SplicerContext;
  readonly #attributeContext: AttributeContext;
  readonly #srcdocDepth: number;
  readonly #tokenizer: MarkupTokenizer;
  readonly #elements = new OpenElements();

  /** Input that has not left yet, and the offset of its first character in the whole input. */
  #source = '';
  #sourceStart = 0;
  /** Offset up to which input has left or been replaced. */
  #copied = 0;
  #output = '';

  #bootIsDue: boolean;
  #tokenEnd = 0;
  #held: HeldText | null = null;
  #attributes: Token.Attribute[] = [];
  #hasBase = false;

  constructor(context: SplicerContext, srcdocDepth = 0) {
    this.#context = context;
    this.#srcdocDepth = srcdocDepth;
    this.#bootIsDue = context.bootHtml !== undefined && context.fragment !== true;
    this.#attributeContext = {
      baseUrl: context.documentUrl,
      documentUrl: context.documentUrl,
      settings: context.settings,
      getAttribute: (name) => this.#attributes.find((attribute) => attribute.name === name)?.value ?? null,
      rewriteSrcdoc: (html) => this.#rewriteSrcdoc(html),
      ...(context.encoding === undefined ? {} : { encodeQuery: queryEncoder(context.encoding) }),
      ...(context.noteIntegrity === undefined ? {} : { noteIntegrity: context.noteIntegrity }),
      ...(context.allowsBase === undefined ? {} : { allowsBase: context.allowsBase }),
      ...(context.translatePolicy === undefined ? {} : { translatePolicy: context.translatePolicy }),
      ...(context.sandboxedFrames === undefined ? {} : { sandboxedFrames: context.sandboxedFrames }),
    };
    this.#tokenizer = new MarkupTokenizer(this, context.attributeRules === undefined ? wantedAttributes : 'all');
  }

  /** Takes more of the document and returns what of it can leave. */
  write(html: string): string {
    this.#source += html;
    this.#tokenizer.write(html, false);
    this.#injectBeforeText(this.#tokenizer.textEnd);
    return this.#take(this.#leavingEnd());
  }

  /** The rest. */
  end(): string {
    this.#tokenizer.write('', true);
    return this.#take(this.#sourceStart + this.#source.length);
  }

  onDoctype(): void {
    this.#passBeforeContent();
  }

  onComment(): void {
    this.#endForeignPiece(this.#tokenizer.textEnd);
    if (this.#held !== null) this.#held.start = this.#tokenizer.consumedEnd;
    this.#passBeforeContent();
  }

  onStartTag(token: Token.TagToken): void {
    const start = this.#tokenizer.textEnd;
    const end = this.#tokenizer.consumedEnd;
    this.#injectBeforeText(start);
    if (this.#bootIsDue && token.tagName !== 'html' && token.tagName !== 'head') this.#inject(start);
    this.#endForeignPiece(start);

    const namespace = this.#elements.startTag(token);
    this.#tokenizer.inForeignNode = this.#elements.isInForeignContent;
    this.#leaveForeignElement(end);
    this.#attributes = token.attrs;
    const edits = token.attrs.length > 0 ? this.#attributeEdits(token, namespace) : noEdits;
    const isDue = !(token.tagName === 'script' && this.#mayNeedNonce(namespace));
    if (isDue && edits.size > 0) this.#replace(start, end, spliceStartTag(this.#slice(start, end), edits));
    if (this.#bootIsDue && token.tagName === 'head') this.#inject(end);

    if (namespace === htmlNamespace) {
      const mode = textModeOf(token.tagName);
      if (mode !== undefined) this.#tokenizer.state = mode as MarkupTokenizer['state'];
    }
    if (token.tagName === 'script' || token.tagName === 'style') this.#hold(token, namespace, end);
    if (namespace === htmlNamespace && this.#isTextForSome(token.tagName))
      this.#held = { kind: 'text-in-select', start: end, foreignDepth: 0 };
    if (!isDue && (this.#held?.kind === 'script' || this.#held?.kind === 'module'))
      this.#held.tag = { start, end, edits };
    else if (!isDue && edits.size > 0) this.#replace(start, end, spliceStartTag(this.#slice(start, end), edits));
    this.#tokenEnd = end;
  }

  onEndTag(token: Token.TagToken): void {
    const start = this.#tokenizer.textEnd;
    const end = this.#tokenizer.consumedEnd;
    this.#injectBeforeText(start);
    if (this.#bootIsDue) this.#inject(start);
    this.#endForeignPiece(start);
    if (this.#held !== null && this.#held.foreignDepth === 0) {
      this.#replaceText(this.#held, start);
      this.#held = null;
    }
    this.#elements.endTag(token.tagName);
    this.#tokenizer.inForeignNode = this.#elements.isInForeignContent;
    this.#leaveForeignElement(end);
    this.#tokenEnd = end;
  }

  onEof(): void {
    const { textEnd } = this.#tokenizer;
    this.#injectBeforeText(textEnd);
    // Before a tag that is cut off: the parser drops it, and would drop what we put after it.
    if (this.#bootIsDue) this.#inject(textEnd);
    this.#endForeignPiece(textEnd);
    // A script without an end tag never runs; a style element without one applies.
    if ((this.#held?.kind === 'style' || this.#held?.kind === 'text-in-select') && this.#held.foreignDepth === 0) {
      this.#replaceText(this.#held, this.#sourceStart + this.#source.length);
    }
    this.#held = null;
  }

  // Text makes no tokens here (see MarkupTokenizer).
  onCharacter(): void {}
  onNullCharacter(): void {}
  onWhitespaceCharacter(): void {}

  /** A doctype or a comment: the boot goes after it, unless it has no end and would swallow what comes after. */
  #passBeforeContent(): void {
    const { preprocessor, textEnd, consumedEnd } = this.#tokenizer;
    this.#injectBeforeText(textEnd);
    const isCutOff = preprocessor.pos >= preprocessor.html.length;
    if (this.#bootIsDue && isCutOff) this.#inject(textEnd);
    this.#tokenEnd = consumedEnd;
  }

  /** Text between the last token and `end` that is more than white space needs the boot before it. */
  #injectBeforeText(end: number): void {
    if (!this.#bootIsDue) return;
    beforeContent.lastIndex = this.#tokenEnd - this.#sourceStart;
    beforeContent.test(this.#source);
    const contentStart = this.#sourceStart + beforeContent.lastIndex;
    if (contentStart < end) this.#inject(contentStart);
  }

  #inject(offset: number): void {
    this.#bootIsDue = false;
    const { bootHtml } = this.#context;
    const kind = this.#srcdocDepth > 0 ? 'srcdoc' : 'document';
    this.#replace(offset, offset, (typeof bootHtml === 'function' ? bootHtml(kind) : bootHtml) ?? '');
  }

  /** An inline script without a nonce, under a policy with hashes. */
  #mayNeedNonce(namespace: string): boolean {
    if (this.#context.isAdmittedByHash === undefined || namespace !== htmlNamespace) return false;
    const kind = this.#scriptKind(false);
    return (kind === 'script' || kind === 'module') && this.#attributeContext.getAttribute('nonce') === null;
  }

  #attributeEdits(token: Token.TagToken, namespace: string): AttributeEdits {
    const { attributeRules: otherRules } = this.#context;
    const rules = (otherRules ?? rulesForElement)(token.tagName, namespace);
    // In a select some parsers ignore `<svg>`, so that what is in it is HTML to them.
    const htmlRules =
      namespace !== htmlNamespace && otherRules === undefined && this.#elements.has('select')
        ? rulesForElement(token.tagName)
        : null;
    const edits = new Map<string, { value: string; companion?: string } | null>();
    for (const { name, value } of token.attrs) {
      const rule =
        rules.get(name) ??
        htmlRules?.get(name) ??
        (otherRules === undefined && isEventHandlerName(name) ? eventHandlerRule : null);
      if (rule === null) {
        if (otherRules === undefined && name.startsWith(companionPrefix)) edits.set(name, null);
        continue;
      }
      const rewritten = rewriteAttribute(rule, value, this.#attributeContext);
      if (rewritten !== null) edits.set(name, rewritten);
    }
    if (token.tagName === 'base' && namespace === htmlNamespace) this.#noteBase(edits.get('href')?.value);
    return edits;
  }

  /** The first `<base href>` outside a template is the document's, for all that comes after it. */
  #noteBase(rewritten: string | undefined): void {
    const href = this.#attributeContext.getAttribute('href');
    if (href === null || this.#hasBase || this.#elements.has('template')) return;
    this.#hasBase = true;
    this.#attributeContext.baseUrl = rewritten ?? resolveBase(href, this.#context.documentUrl);
  }

  #hold(token: Token.TagToken, namespace: string, end: number): void {
    const isForeign = namespace !== htmlNamespace;
    if (isForeign && token.selfClosing) return;
    const kind = token.tagName === 'style' ? this.#styleKind() : this.#scriptKind(isForeign);
    if (kind !== null) this.#held = { kind, start: end, foreignDepth: isForeign ? this.#elements.depth : 0 };
  }

  /**
   * In a select some parsers ignore `<style>` and its like, and read what follows as markup; others (customizable select) open
   * the element, and it is text. It may hold no tag for either.
   */
  #isTextForSome(tagName: string): boolean {
    if (this.#context.attributeRules !== undefined || tagName === 'script' || tagName === 'textarea') return false;
    return textModeOf(tagName) !== undefined && this.#elements.has('select');
  }

  #styleKind(): HeldKind | null {
    return rewritesStylesheets(this.#context.settings) ? 'style' : null;
  }

  /** null for what does not run: data blocks, and the text of a script with a URL. */
  #scriptKind(isForeign: boolean): HeldKind | null {
    const { getAttribute } = this.#attributeContext;
    if (getAttribute('src') !== null && !isForeign) return null;
    if (isForeign && (getAttribute('href') ?? getAttribute('xlink:href')) !== null) return null;
    const kind = scriptElementKind(getAttribute);
    return kind === 'data' || kind === 'speculationrules' ? null : kind;
  }

  /** The text of a foreign script or style up to a tag or comment is rewritten by itself. */
  #endForeignPiece(end: number): void {
    const held = this.#held;
    if (held === null || held.foreignDepth === 0) return;
    const written = this.#slice(held.start, end);
    const text = decodeForeignText(written);
    const rewritten = this.#rewriteText(held.kind, text);
    if (rewritten !== text) this.#replace(held.start, end, encodeForeignText(rewritten));
  }

  /** After a tag: the foreign script or style that it closed is over, in one that it did not the next piece begins. */
  #leaveForeignElement(end: number): void {
    const held = this.#held;
    if (held === null || held.foreignDepth === 0) return;
    if (this.#elements.depth < held.foreignDepth) this.#held = null;
    else held.start = end;
  }

  #replaceText(held: HeldText, end: number): void {
    const text = this.#slice(held.start, end);
    const rewritten = this.#rewriteText(held.kind, text);
    if (held.tag !== undefined) this.#replaceHeldTag(held.tag, rewritten !== text && this.#isAdmitted(text));
    if (rewritten !== text) this.#replace(held.start, end, rewritten);
  }

  #replaceHeldTag({ start, end, edits }: NonNullable<HeldText['tag']>, needsNonce: boolean): void {
    const tag = this.#slice(start, end);
    const spliced = edits.size > 0 ? spliceStartTag(tag, edits) : tag;
    const name = '<script'.length;
    const nonce = needsNonce ? ` nonce="${this.#context.scriptNonce ?? ''}"` : '';
    this.#replace(start, end, spliced.slice(0, name) + nonce + spliced.slice(name));
  }

  #isAdmitted(text: string): boolean {
    return this.#context.isAdmittedByHash?.(text) ?? false;
  }

  #rewriteText(kind: HeldKind, text: string): string {
    const { settings } = this.#context;
    const { baseUrl } = this.#attributeContext;
    if (text.trim() === '') return text;
    switch (kind) {
      case 'style':
        return rewriteStylesheet(text, { baseUrl, settings });
      case 'text-in-select':
        return text.replaceAll('<', '< ');
      case 'importmap':
        return rewriteImportMap(text, { baseUrl, settings });
      case 'script':
      case 'module': {
        if (this.#context.rewriteScript !== undefined) return this.#context.rewriteScript(text, kind);
        if (!isScoped('module', settings)) return rewriteScript(text, { kind });
        const toProxy = (url: string): string => toBrowser(url, 'module', settings);
        return rewriteScript(text, { kind, scopedImports: { baseUrl, toBrowser: toProxy } });
      }
    }
  }

  #rewriteSrcdoc(html: string): string {
    if (this.#srcdocDepth >= deepestSrcdoc) return '';
    const context = {
      ...this.#context,
      documentUrl: this.#attributeContext.baseUrl,
      fragment: false,
      encoding: 'utf-8',
    };
    const splicer = new HtmlSplicer(context, this.#srcdocDepth + 1);
    return splicer.write(html) + splicer.end();
  }

  /** Up to where input can leave now. */
  #leavingEnd(): number {
    if (this.#held !== null) return this.#held.tag?.start ?? this.#held.start;
    const { textEnd, commentDataEnd } = this.#tokenizer;
    // A comment may leave while it is read, but not before it is known that the boot goes after it.
    const readEnd = this.#bootIsDue ? textEnd : Math.max(textEnd, commentDataEnd);
    // A tag that is complete does not wait for what comes after it: a script runs at its end tag.
    return Math.max(readEnd, this.#tokenEnd);
  }

  #slice(start: number, end: number): string {
    return this.#source.slice(start - this.#sourceStart, end - this.#sourceStart);
  }

  #replace(start: number, end: number, text: string): void {
    this.#output += this.#slice(this.#copied, start) + text;
    this.#copied = end;
  }

  #take(end: number): string {
    if (end > this.#copied) {
      this.#output += this.#slice(this.#copied, end);
      this.#copied = end;
    }
    this.#source = this.#source.slice(this.#copied - this.#sourceStart);
    this.#sourceStart = this.#copied;
    const output = this.#output;
    this.#output = '';
    return output;
  }
}

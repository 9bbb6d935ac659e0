/**
 * @module THE table of attributes that are rewritten: read by the HTML stream for markup and by the runtime's DOM hooks
 * for script. What a row does is in `attribute-rewrites.ts`; rows under real URLs stay as few as they can be.
 */
import type { UrlClass, UrlSettings } from '../url/index.js';
import * as rewrites from './attribute-rewrites.js';
import { htmlNamespace, mathMlNamespace, svgNamespace } from './namespaces.js';

export interface AttributeContext {
  /** The document base URL: what relative URLs in attributes resolve against. */
  baseUrl: string;
  /** The document's own URL, which a `<base>` resolves against. Default: `baseUrl`. */
  documentUrl?: string;
  settings: UrlSettings;
  /** A URL as written, with its query in the document's encoding. Left out where that is UTF-8. */
  encodeQuery?(url: string): string;
  /** Other attributes of the same element, as the author wrote them (companions read in place of what they shadow). */
  getAttribute(name: string): string | null;
  /** The policy of a `<meta>` as the browser is to enforce it. Without it such a policy is not enforced. */
  translatePolicy?(policy: string): string;
  /** May this be the base URL, by the policies of the document? Asked once for each `<base href>`. */
  allowsBase?(url: string): boolean;
  /** Told of integrity metadata that the browser will not check, with the real URL of what it is for. */
  noteIntegrity?(url: string, metadata: string): void;
  /** Rewrites the document in a `srcdoc`; left alone without it, so that callers that never need it stay small. */
  rewriteSrcdoc?(html: string): string;
  /**
   * `same-origin` gives sandboxed frames `allow-same-origin`, without which their origin is opaque and no service
   * worker controls them. Only for a runtime that shows such a frame the opaque origin it would have had.
   */
  sandboxedFrames?: 'native' | 'same-origin';
}

export interface AttributeRewrite {
  /** For the browser. */
  value: string;
  /** What the author wrote, to be kept in the companion attribute; absent where `value` undoes itself. */
  companion?: string;
}

export interface AttributeRule {
  /** Local names; `*` is every element of the namespace. */
  readonly elements: readonly string[];
  /** Qualified names. */
  readonly attributes: readonly string[];
  readonly namespace: string;
  /** What the URL in the value is for, where the attribute alone says so. */
  readonly urlClass?: UrlClass;
  /** Whether a rewrite may leave a companion. */
  readonly companion: boolean;
  /** Attributes of the element that decide what becomes of this one: when they change, it has to be rewritten anew. */
  readonly dependsOn?: readonly string[];
  /** null: the value stays. */
  readonly rewrite: (value: string, context: AttributeContext, rule: AttributeRule) => AttributeRewrite | null;
}

const svgHref = ['href', 'xlink:href'];

export const attributeRules: readonly AttributeRule[] = [
  // Realms.
  html(['iframe', 'frame'], ['src'], rewrites.frameUrl, { urlClass: 'frame', dependsOn: ['sandbox'] }),
  html(['iframe'], ['srcdoc'], rewrites.srcdoc),
  html(['iframe'], ['sandbox'], rewrites.sandbox),
  html(['iframe'], ['csp'], rewrites.requiredPolicy),
  html(['object'], ['data'], rewrites.frameUrl, { urlClass: 'object' }),
  html(['embed'], ['src'], rewrites.frameUrl, { urlClass: 'object' }),

  // Scripts.
  html(['script'], ['src'], rewrites.scriptUrl, { dependsOn: ['type'] }),
  html(['script'], ['integrity'], rewrites.integrity, { dependsOn: ['src'] }),
  html(['script'], ['type'], rewrites.scriptType),

  // Links.
  html(['link'], ['href'], rewrites.linkUrl, { dependsOn: ['rel', 'as'] }),
  html(['link'], ['integrity'], rewrites.linkIntegrity, { dependsOn: ['rel', 'as'] }),
  html(['link'], ['imagesrcset'], rewrites.srcset, { urlClass: 'image' }),
  html(['a', 'area'], ['href'], rewrites.hyperlink, { urlClass: 'document' }),
  html(['form'], ['action'], rewrites.hyperlink, { urlClass: 'document' }),
  html(['button', 'input'], ['formaction'], rewrites.hyperlink, { urlClass: 'document' }),
  html(['a', 'area'], ['ping'], rewrites.urlList, { urlClass: 'fetch' }),
  html(['a', 'area', 'img', 'script'], ['attributionsrc'], rewrites.hidden),
  html(['base'], ['href'], rewrites.baseUrl),
  html(['meta'], ['content'], rewrites.metaContent, { dependsOn: ['http-equiv'] }),
  html(['meta'], ['http-equiv'], rewrites.metaPragma),

  // Passive subresources: these change only where their class is scoped.
  // (The parser makes an img element of an HTML <image>.)
  html(['img', 'input', 'image'], ['src'], rewrites.url, { urlClass: 'image' }),
  html(['img', 'source', 'image'], ['srcset'], rewrites.srcset, { urlClass: 'image' }),
  html(['video', 'audio', 'source'], ['src'], rewrites.url, { urlClass: 'media' }),
  html(['video'], ['poster'], rewrites.url, { urlClass: 'image' }),
  html(['track'], ['src'], rewrites.url, { urlClass: 'track' }),
  html(['body', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'], ['background'], rewrites.url, {
    urlClass: 'image',
  }),

  // SVG and MathML.
  svg(['use'], svgHref, rewrites.svgReference, { urlClass: 'svg-reference' }),
  svg(['image', 'feimage'], svgHref, rewrites.url, { urlClass: 'image' }),
  svg(['script'], svgHref, rewrites.scriptUrl, { dependsOn: ['type'] }),
  svg(['a'], svgHref, rewrites.hyperlink, { urlClass: 'document' }),
  svg(
    ['*'],
    ['fill', 'stroke', 'filter', 'mask', 'clip-path', 'marker-start', 'marker-mid', 'marker-end', 'cursor'],
    rewrites.style,
  ),
  { ...svg(['*'], ['href'], rewrites.hyperlink, { urlClass: 'document' }), namespace: mathMlNamespace },

  // Every element. Event handlers have no row: any attribute that begins with "on" is one (`eventHandlerRule`).
  ...[htmlNamespace, svgNamespace, mathMlNamespace].map((namespace) => ({
    ...svg(['*'], ['style'], rewrites.style),
    namespace,
  })),
];

/** Event handler content attributes, on any element of any namespace. Undone by `unrewriteScript`, no companion. */
export const eventHandlerRule: AttributeRule = {
  elements: ['*'],
  attributes: ['on*'],
  namespace: '*',
  companion: false,
  rewrite: rewrites.eventHandler,
};

type RulesByAttribute = ReadonlyMap<string, AttributeRule>;

/** namespace -> element -> attribute -> rule, with `*` rules folded into every element that has a rule of its own. */
const index: ReadonlyMap<string, ReadonlyMap<string, RulesByAttribute>> = buildIndex();

const noRules: RulesByAttribute = new Map();

/** All rules for one element but event handlers; the stream asks this once a tag. */
export function rulesForElement(localName: string, namespace: string = htmlNamespace): RulesByAttribute {
  const elements = index.get(namespace);
  if (elements === undefined) return noRules;
  return (
    elements.get(namespace === htmlNamespace ? localName : localName.toLowerCase()) ?? elements.get('*') ?? noRules
  );
}

/**
 * The rule for one attribute, or null when it is never rewritten.
 *
 * @param localName as the DOM has it (`feImage` and `feimage` are both found)
 * @param attributeName the qualified name: `xlink:href`, not `href`, for an attribute in the XLink namespace
 * @param namespace the element's namespace URI, HTML by default
 */
export function findAttributeRule(
  localName: string,
  attributeName: string,
  namespace: string = htmlNamespace,
): AttributeRule | null {
  return (
    rulesForElement(localName, namespace).get(attributeName) ??
    (isEventHandlerName(attributeName) ? eventHandlerRule : null)
  );
}

/** Whether a content attribute of that name is, or may become, an event handler. */
export function isEventHandlerName(attributeName: string): boolean {
  return attributeName.length > 2 && attributeName.startsWith('on') && /^on[a-z]+$/.test(attributeName);
}

/** The attributes to rewrite anew, from what the author wrote, when `attributeName` of the element has changed. */
export function dependentAttributes(
  localName: string,
  attributeName: string,
  namespace: string = htmlNamespace,
): string[] {
  const dependents: string[] = [];
  for (const [name, rule] of rulesForElement(localName, namespace)) {
    if (rule.dependsOn?.includes(attributeName)) dependents.push(name);
  }
  return dependents;
}

/**
 * What to give the browser in place of `value`; null when it stays as it is. Pure, and never throws.
 *
 * @param value as the author wrote it, never something rewritten already
 */
export function rewriteAttribute(
  rule: AttributeRule,
  value: string,
  context: AttributeContext,
): AttributeRewrite | null {
  const rewritten = rule.rewrite(value, context, rule);
  return rewritten === null || rewritten.value === value ? null : rewritten;
}

type RuleDetails = Partial<Pick<AttributeRule, 'urlClass' | 'companion' | 'dependsOn'>>;

function html(
  elements: readonly string[],
  attributes: readonly string[],
  rewrite: AttributeRule['rewrite'],
  details: RuleDetails = {},
): AttributeRule {
  return { elements, attributes, namespace: htmlNamespace, companion: true, rewrite, ...details };
}

function svg(
  elements: readonly string[],
  attributes: readonly string[],
  rewrite: AttributeRule['rewrite'],
  details: RuleDetails = {},
): AttributeRule {
  return { elements, attributes, namespace: svgNamespace, companion: true, rewrite, ...details };
}

function buildIndex(): Map<string, Map<string, Map<string, AttributeRule>>> {
  const namespaces = new Map<string, Map<string, Map<string, AttributeRule>>>();
  const add = (rule: AttributeRule, element: string): void => {
    let elements = namespaces.get(rule.namespace);
    if (elements === undefined) namespaces.set(rule.namespace, (elements = new Map()));
    let attributes = elements.get(element);
    if (attributes === undefined) elements.set(element, (attributes = new Map(elements.get('*'))));
    for (const attribute of rule.attributes) attributes.set(attribute, rule);
  };
  // Rules for every element first, so that an element's own rules start from them and win.
  for (const rule of attributeRules) if (rule.elements.includes('*')) add(rule, '*');
  for (const rule of attributeRules) for (const element of rule.elements) if (element !== '*') add(rule, element);
  return namespaces;
}

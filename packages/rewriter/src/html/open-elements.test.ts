import { parse, type DefaultTreeAdapterTypes, type Token, type TokenHandler } from 'parse5';
import { expect, it } from 'vitest';
import { randomSource, seed } from './chunks.test-support.js';
import { MarkupTokenizer } from './markup-tokenizer.js';
import { htmlNamespace } from './namespaces.js';
import { OpenElements } from './open-elements.js';
import { textModeOf } from './text-mode.js';

/** Where start tags are, and the namespace of their elements, as the splice sees them. */
function tagsOfSplice(html: string): Map<number, string> {
  const tags = new Map<number, string>();
  const elements = new OpenElements();
  const ignore = (): void => {};
  const handler: TokenHandler = {
    onStartTag(token: Token.TagToken) {
      const namespace = elements.startTag(token);
      tags.set(tokenizer.textEnd, `${token.tagName} ${namespace}`);
      const mode = namespace === htmlNamespace ? textModeOf(token.tagName) : undefined;
      if (mode !== undefined) tokenizer.state = mode as MarkupTokenizer['state'];
      tokenizer.inForeignNode = elements.isInForeignContent;
    },
    onEndTag(token: Token.TagToken) {
      elements.endTag(token.tagName);
      tokenizer.inForeignNode = elements.isInForeignContent;
    },
    onComment: ignore,
    onDoctype: ignore,
    onEof: ignore,
    onCharacter: ignore,
    onNullCharacter: ignore,
    onWhitespaceCharacter: ignore,
    onParseError: null,
  };
  const tokenizer = new MarkupTokenizer(handler);
  tokenizer.write(html, true);
  return tags;
}

/** The same of a whole parser, for the elements that are in its tree and have a tag in the source. */
function tagsOfTree(html: string): Map<number, string> {
  const tags = new Map<number, string>();
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) {
      const offset = node.sourceCodeLocation?.startTag?.startOffset;
      if (offset !== undefined) tags.set(offset, `${node.tagName.toLowerCase()} ${node.namespaceURI}`);
    }
    if ('content' in node) visit(node.content);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: true }));
  return tags;
}

function expectSameNamespaces(html: string): void {
  const ours = tagsOfSplice(html);
  for (const [offset, tag] of tagsOfTree(html)) expect(ours.get(offset), `${tag} at ${offset} of ${html}`).toBe(tag);
}

it.each([
  '<svg><title><title></title></svg><title><b></title>',
  '<svg><desc><svg><desc></desc></svg><style><b></style></desc><style><b></style></svg>',
  '<math><mi><style><b></style><mglyph><b></mi><annotation-xml><svg><a></svg><b></annotation-xml></math>',
  '<math><annotation-xml encoding=Text/HTML><title><b></title></annotation-xml><mtext></b><title></math>',
  '<div><svg><g></div><style><b></style>',
  '<div><svg><foreignObject><p></foreignObject></svg><style><b></style></div><style><b></style>',
  '<svg><foreignObject><span></foreignObject><style><b></style></svg>',
  '<svg></p><style><b></style>',
  '<svg></br><style><b></style>',
  '<svg><font><style><b></style></font><font color=red><style><b></style>',
  '<svg/><style><b></style><svg><style/><b></svg>',
  '<p><svg><b></svg><textarea><svg></textarea>',
  '<table><tr><td><svg><desc><td><style><b></style></table><style><b></style>',
  '<svg></body></html><style><b></style>',
  '<template><svg></template><style><b></style>',
  '<svg><![CDATA[<p>]]><p><![CDATA[<b>]]></svg>',
  '<li><svg></li><style><b></style>',
  '<a><svg><a></a></a></svg><style><b></style>',
  '<button><svg></button><style><b></style>',
  '<h1><svg><p><h1></svg></h1><style><b></style>',
  '<plaintext><b><svg>',
  '<noscript><b></noscript><noframes><b></noframes><noembed><b></noembed>',
])('gives elements the namespace that a parser gives them: %s', expectSameNamespaces);

it('gives elements the namespace that a parser gives them, in random foreign content', () => {
  // Left out: what the splice does not follow (formatting elements, tables around foreign content, frames, select).
  const names =
    'svg math g desc title foreignObject mi mtext annotation-xml div p span section li ul dd dl h1 h2 button style script'.split(
      ' ',
    );
  const random = randomSource(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  for (let round = 0; round < 1500; round++) {
    let html = '<!doctype html><body>';
    for (let tags = 0; tags < 14; tags++) html += random() < 0.6 ? `<${pick(names)}>` : `</${pick(names)}>`;
    expectSameNamespaces(html);
  }
}, 30_000);

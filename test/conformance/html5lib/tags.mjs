/**
 * @module Whether the splice sees the elements that a parser puts into the tree.
 */
import { parse } from 'parse5';

/** @returns {string | null} the first element that the splice saw differently, or null */
export function compareTags({ HtmlSplicer }, input, context) {
  // The splice asks for rules where there are attributes, so every tag gets one.
  const html = input.replace(/<([a-z][a-z0-9]*)(?=[\t\n />])/gi, '<$1 mark=1');
  const expected = tagsOfTree(html);
  for (const pieces of [[html], [...html]]) {
    const seen = new Map();
    let current = '';
    // Every attribute has a rule that writes down its value, and that leaves it.
    const note = (value) => {
      seen.get(current).push(value);
      return null;
    };
    const rules = { get: (name) => ({ rewrite: (value) => note(`${name}=${value}`) }) };
    const splicer = new HtmlSplicer({
      ...context,
      fragment: true,
      rewriteScript: (text) => text,
      attributeRules: (name, namespace) => {
        current = `${seen.size}`;
        // The parser makes an img of an image; the table of rules has rows for both.
        const isImage = name === 'image' && namespace.endsWith('xhtml');
        seen.set(current, [`${isImage ? 'img' : name} ${namespace}`]);
        return rules;
      },
    });
    for (const piece of pieces) splicer.write(piece);
    splicer.end();
    // Only elements that stay in the tree are compared, and only those with attributes are told of.
    const tags = [...seen.values()].map((parts) => parts.join(' '));
    let position = 0;
    for (const tag of expected) {
      const found = tags.indexOf(tag, position);
      if (found < 0) return `in ${JSON.stringify(html)}: ${tag} is not among ${JSON.stringify(tags)}`;
      position = found + 1;
    }
  }
  return null;
}

/** Elements with attributes, in the order of their tags. */
function tagsOfTree(html) {
  const tags = [];
  const visit = (node) => {
    const start = node.sourceCodeLocation?.startTag ?? (node.tagName && node.sourceCodeLocation);
    if (start && node.attrs.length > 0) {
      const names = node.attrs.map(({ name, prefix, value }) => `${prefix ? `${prefix}:` : ''}${name}=${value}`);
      const tag = [`${node.tagName} ${node.namespaceURI}`, ...names].join(' ');
      tags.push([start.startOffset, node.namespaceURI.endsWith('xhtml') ? tag : lowerCaseNames(node, names)]);
    }
    for (const child of node.childNodes ?? []) visit(child);
    if (node.content) visit(node.content);
  };
  visit(parse(html, { sourceCodeLocationInfo: true, scriptingEnabled: true }));
  const byOffset = new Map();
  // The adoption agency clones an element; html and body take attributes of later tags.
  for (const [offset, tag] of tags) if (!byOffset.has(offset)) byOffset.set(offset, tag);
  return [...byOffset]
    .filter(([, tag]) => !/^(html|body) /.test(tag))
    .sort((a, b) => a[0] - b[0])
    .map(([, tag]) => tag);
}

/** The parser gives foreign elements and attributes back their capitals. */
function lowerCaseNames(node, attributes) {
  const lower = attributes.map((text) => text.replace(/^[^=]*/, (name) => name.toLowerCase()));
  return [`${node.tagName.toLowerCase()} ${node.namespaceURI}`, ...lower].join(' ');
}

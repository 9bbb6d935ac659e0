/**
 * @module Whether a rewritten document is the document that it was, for whoever reads through the companions.
 */
import { parse, serialize } from 'parse5';

/** @returns {string | null} both trees where they differ, or null */
export function compareTrees({ rewriteHtml, unrewriteScript, companionPrefix }, html, context) {
  const output = rewriteHtml(html, { ...context, fragment: true });
  const before = tree(html, (root) => withoutCompanions(root, companionPrefix));
  const after = tree(output, (root) => undo(root, companionPrefix, unrewriteScript));
  return before === after
    ? null
    : `${JSON.stringify(before)}\n    ${JSON.stringify(after)}\n    by ${JSON.stringify(output)}`;
}

function tree(html, change) {
  const root = parse(html, { scriptingEnabled: true });
  const visit = (node) => {
    if (node.attrs) change(node);
    for (const child of node.childNodes ?? []) visit(child);
    if (node.content) visit(node.content);
  };
  visit(root);
  return serialize(root, { scriptingEnabled: true });
}

function withoutCompanions(node, prefix) {
  node.attrs = node.attrs.filter(({ name }) => !name.startsWith(prefix));
}

function undo(node, prefix, unrewriteScript) {
  const nameOf = (attribute) => (attribute.prefix ? `${attribute.prefix}:` : '') + attribute.name;
  const written = new Map(
    node.attrs
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, value }) => [name.slice(prefix.length), value]),
  );
  withoutCompanions(node, prefix);
  for (const attribute of node.attrs) {
    attribute.value = written.get(nameOf(attribute).toLowerCase()) ?? unrewriteScript(attribute.value);
  }
  if (node.tagName !== 'script') return;
  for (const child of node.childNodes) if (child.value !== undefined) child.value = unrewriteScript(child.value);
}

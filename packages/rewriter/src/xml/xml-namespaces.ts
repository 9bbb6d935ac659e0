/**
 * @module Which namespace a name is in: the prefixes that are declared on the open elements.
 */

export interface OpenXmlElement {
  readonly qualifiedName: string;
  readonly namespace: string;
  readonly localName: string;
  /** Prefixes declared on it; the empty one is the default namespace. */
  readonly declared: ReadonlyMap<string, string>;
}

const xlinkNamespace = 'http://www.w3.org/1999/xlink';
const noPrefixes: ReadonlyMap<string, string> = new Map();

export class XmlNamespaces {
  readonly #stack: OpenXmlElement[] = [];

  get depth(): number {
    return this.#stack.length;
  }

  /** @param attributes by qualified name, decoded */
  open(qualifiedName: string, attributes: ReadonlyMap<string, string>): OpenXmlElement {
    let declared: Map<string, string> | undefined;
    for (const [name, value] of attributes) {
      if (name === 'xmlns') (declared ??= new Map()).set('', value);
      else if (name.startsWith('xmlns:')) (declared ??= new Map()).set(name.slice('xmlns:'.length), value);
    }
    const scope = { declared: declared ?? noPrefixes, qualifiedName, namespace: '', localName: '' };
    this.#stack.push(scope);
    const colon = qualifiedName.indexOf(':');
    const element = {
      ...scope,
      namespace: this.#namespaceOf(colon < 0 ? '' : qualifiedName.slice(0, colon)),
      localName: qualifiedName.slice(colon + 1),
    };
    this.#stack[this.#stack.length - 1] = element;
    return element;
  }

  close(): void {
    this.#stack.pop();
  }

  /** The name by which the table knows an attribute of the current element; null for one of another namespace. */
  attributeName(qualifiedName: string): string | null {
    const colon = qualifiedName.indexOf(':');
    if (colon < 0) return qualifiedName;
    const isXlink = this.#namespaceOf(qualifiedName.slice(0, colon)) === xlinkNamespace;
    return isXlink ? `xlink:${qualifiedName.slice(colon + 1)}` : null;
  }

  #namespaceOf(prefix: string): string {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      const namespace = this.#stack[i]!.declared.get(prefix);
      if (namespace !== undefined) return namespace;
    }
    return '';
  }
}

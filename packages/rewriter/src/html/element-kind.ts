/**
 * @module What the tree construction stage knows of an element by its name alone, looked up once a tag.
 */

export const ElementFlag = {
  /** A start tag of that name ends foreign content. */
  breaksOut: 1 << 0,
  /** Void elements, and those of which a second start tag only adds attributes. */
  unopened: 1 << 1,
  closedBySibling: 1 << 2,
  heading: 1 << 3,
  /** Start tags that first close a p element in button scope. (A table does so but in quirks mode.) */
  closesParagraph: 1 << 4,
  /** https://html.spec.whatwg.org/multipage/parsing.html#has-an-element-in-scope */
  scope: 1 << 5,
  listItemScope: 1 << 6,
  buttonScope: 1 << 7,
  tableScope: 1 << 8,
  tablePart: 1 << 9,
  /** Elements whose end tag closes the nearest one in scope, over anything in between. */
  scoped: 1 << 10,
  /** An "any other end tag" gives up at the first special element. */
  special: 1 << 11,
  listItem: 1 << 12,
  definitionItem: 1 << 13,
  /** https://html.spec.whatwg.org/multipage/parsing.html#formatting */
  formatting: 1 << 14,
  /** https://html.spec.whatwg.org/multipage/parsing.html#generate-implied-end-tags */
  impliedEnd: 1 << 15,
} as const;

export interface ElementKind {
  readonly name: string;
  readonly flags: number;
  /** Small, for counting; 0 is any name that no list has. */
  readonly index: number;
}

const scope = 'applet caption html table td th marquee object select template';

const lists: Readonly<Record<keyof typeof ElementFlag, string>> = {
  breaksOut:
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta ' +
    'nobr ol p pre ruby s small span strong strike sub sup table tt u ul var',
  unopened:
    'area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr html ' +
    'head body',
  closedBySibling: 'option optgroup tr td th rp rt',
  heading: 'h1 h2 h3 h4 h5 h6',
  closesParagraph:
    'address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup ' +
    'main menu nav ol p search section summary ul h1 h2 h3 h4 h5 h6 pre listing form li dd dt plaintext hr xmp table',
  scope,
  listItemScope: `${scope} ol ul`,
  buttonScope: `${scope} button`,
  tableScope: 'html table template',
  tablePart: 'table caption colgroup tbody tfoot thead tr td th',
  scoped:
    'address applet article aside blockquote button center details dialog dir div dl dd dt fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 header hgroup listing main marquee menu nav object ol pre search section select ' +
    'summary ul',
  special:
    'address applet area article aside base basefont bgsound blockquote body br button caption center col colgroup dd ' +
    'details dir div dl dt embed fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header ' +
    'hgroup hr html iframe img input keygen li link listing main marquee menu meta nav noembed noframes noscript ' +
    'object ol p param plaintext pre script search section select source style summary table tbody td template ' +
    'textarea tfoot th thead title tr track ul wbr xmp',
  listItem: 'li',
  definitionItem: 'dd dt',
  formatting: 'a b big code em font i nobr s small strike strong tt u',
  impliedEnd: 'dd dt li optgroup option p rb rp rt rtc',
};

/** Known without a flag, because they are frequent. */
const plain = 'span label svg path g use time picture video audio canvas math';

const kinds: ReadonlyMap<string, ElementKind> = buildKinds();

/** How many indexes there are. */
export const elementKindCount = kinds.size + 1;

export function elementKind(name: string): ElementKind {
  return kinds.get(name) ?? { name, flags: 0, index: 0 };
}

function buildKinds(): Map<string, ElementKind> {
  const flags = new Map<string, number>(plain.split(' ').map((name) => [name, 0]));
  for (const [flag, names] of Object.entries(lists) as [keyof typeof ElementFlag, string][]) {
    for (const name of names.split(' ')) flags.set(name, (flags.get(name) ?? 0) | ElementFlag[flag]);
  }
  return new Map([...flags].map(([name, bits], position) => [name, { name, flags: bits, index: position + 1 }]));
}

interface Node<T> {
  readonly children: Map<string, Node<T>>;
  readonly values: Set<T>;
}

/**
 * Values under topic filters, found by topic in time that depends on the topic's levels and not on the number of
 * filters. A value may stand under several filters; it is then found once for each that matches.
 */
export class FilterTrie<T> {
  readonly #root: Node<T> = createNode();

  /** Puts a value under a valid filter; the same pair twice counts once. */
  add(filter: string, value: T): void {
    let node = this.#root;
    for (const level of filter.split("/")) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = createNode();
        node.children.set(level, child);
      }
      node = child;
    }
    node.values.add(value);
  }

  /** Takes the value away from the filter, and with it the branch that holds nothing more. */
  remove(filter: string, value: T): void {
    const path: { readonly parent: Node<T>; readonly level: string; readonly node: Node<T> }[] = [];
    let node = this.#root;
    for (const level of filter.split("/")) {
      const child = node.children.get(level);
      if (child === undefined) return;
      path.push({ parent: node, level, node: child });
      node = child;
    }
    node.values.delete(value);
    for (const step of path.reverse()) {
      if (step.node.values.size > 0 || step.node.children.size > 0) return;
      step.parent.children.delete(step.level);
    }
  }

  /** The values of every filter that covers the topic, by the rules of `matches`. */
  match(topic: string): T[] {
    const found: T[] = [];
    collect({ node: this.#root, levels: topic.split("/"), depth: 0, found });
    return found;
  }
}

function createNode<T>(): Node<T> {
  return { children: new Map(), values: new Set() };
}

interface Search<T> {
  readonly node: Node<T>;
  readonly levels: readonly string[];
  readonly depth: number;
  readonly found: T[];
}

function collect<T>({ node, levels, depth, found }: Search<T>): void {
  const level = levels[depth];
  // A filter that begins with a wildcard covers no topic that begins with `$`.
  const wildcardsCount = depth > 0 || !(level ?? "").startsWith("$");
  if (wildcardsCount) addAll(found, node.children.get("#"));
  if (level === undefined) {
    addAll(found, node);
    return;
  }
  const exact = node.children.get(level);
  if (exact !== undefined) collect({ node: exact, levels, depth: depth + 1, found });
  const any = wildcardsCount ? node.children.get("+") : undefined;
  if (any !== undefined) collect({ node: any, levels, depth: depth + 1, found });
}

function addAll<T>(found: T[], node: Node<T> | undefined): void {
  if (node === undefined) return;
  for (const value of node.values) found.push(value);
}

/** What can be wrong with a template that can be read. Pure. */
import { isMeasure, OPEN_TYPES } from "./slot-types.ts";
import { nodesOf, type Template, type TemplateNode } from "./template.ts";
import { listOf, phraseOf, type Vocabulary } from "./vocabulary.ts";

/** @throws {SyntaxError} when it refers to what does not exist. */
export function checkReferences(template: Template, vocabulary: Vocabulary): void {
  for (const node of nodesOf(template)) {
    if (node.kind === "phrase") phraseOf(vocabulary, node.name);
    const isListed = node.kind === "slot" && !isMeasure(node.type) && !Object.hasOwn(OPEN_TYPES, node.type);
    if (isListed) listOf(vocabulary, node.type);
  }
}

/** Whether it needs a word of its own: otherwise it is found in an utterance without words, or in any. */
export function isAnchored(template: Template, vocabulary: Vocabulary): boolean {
  return template.some((node) => isAnchor(node, vocabulary));
}

function isAnchor(node: TemplateNode, vocabulary: Vocabulary): boolean {
  switch (node.kind) {
    case "word":
    case "digits":
      return true;
    case "slot":
      return !Object.hasOwn(OPEN_TYPES, node.type);
    case "phrase":
      return isAnchored(phraseOf(vocabulary, node.name).written, vocabulary);
    case "choice":
      return !node.isOptional && node.options.every((option) => isAnchored(option, vocabulary));
  }
}

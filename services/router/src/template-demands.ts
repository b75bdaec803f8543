/**
 * Words without which a template cannot fit, so that most templates need not be walked at all: of every set at least one word must be
 * said. Pure.
 */
import { isMeasure, OPEN_TYPES } from "./slot-types.ts";
import type { Template, TemplateNode } from "./template.ts";
import { listOf, phraseOf, type Vocabulary } from "./vocabulary.ts";

export type Demands = readonly ReadonlySet<string>[];

/** Every part that must be said and is made of known words is a demand. */
export function demandsOf(template: Template, vocabulary: Vocabulary): Demands {
  return template.flatMap((node) => demandsOfNode(node, vocabulary));
}

/** Whether the words fulfil all of them; if not, the template cannot fit. */
export function areMet(demands: Demands, words: readonly string[]): boolean {
  return demands.every((demand) => words.some((word) => demand.has(word)));
}

function demandsOfNode(node: TemplateNode, vocabulary: Vocabulary): Demands {
  switch (node.kind) {
    case "word":
      return [new Set([node.word])];
    case "digits":
      return [];
    case "phrase":
      return demandsOf(phraseOf(vocabulary, node.name).written, vocabulary);
    case "choice":
      return node.isOptional ? [] : eitherOf(node.options, vocabulary);
    case "slot":
      if (Object.hasOwn(OPEN_TYPES, node.type)) return [];
      if (isMeasure(node.type)) return demandsOf(phraseOf(vocabulary, node.type).written, vocabulary);
      return eitherOf(
        listOf(vocabulary, node.type).map(({ template }) => template),
        vocabulary,
      );
  }
}

/** Of a choice one demand is known: the smallest of each option together. An option that may be anything leaves none. */
function eitherOf(options: readonly Template[], vocabulary: Vocabulary): Demands {
  const each = options.map((option) => smallestOf(demandsOf(option, vocabulary)));
  const known = each.filter((demand) => demand !== undefined);
  return known.length === options.length ? [new Set(known.flatMap((demand) => [...demand]))] : [];
}

function smallestOf(demands: Demands): ReadonlySet<string> | undefined {
  return demands.toSorted((one, other) => one.size - other.size)[0];
}

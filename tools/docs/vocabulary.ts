/** What every document of the topics is made from: the contracts, their names in the source, and what is written about them. Pure. */
import type { RequestPair, Topic } from "@ts-tars/mqtt/contract";
import type { Comments } from "./comments.ts";
import { type JsonSchema, readSchemas } from "./json-schemas.ts";

/** One topic as documents show it. */
export interface DocumentedTopic {
  readonly topic: Topic;
  /** Who says it to whom, and what else there is to know. */
  readonly about: string;
  /** The name of its payload's schema. */
  readonly schema: string;
  /** The topic of the reply, when this is a request. */
  readonly reply: Topic | undefined;
}

export interface Vocabulary {
  readonly topics: readonly DocumentedTopic[];
  readonly schemas: ReadonlyMap<string, JsonSchema>;
}

/** `catalogue`: the topics in the order of the documents; `exported`: everything that the contracts export, by name. */
export function vocabularyOf(
  catalogue: readonly Topic[],
  exported: Readonly<Record<string, unknown>>,
  comments: Comments,
): Vocabulary {
  const schemas = readSchemas(exported, comments);
  const pairs = Object.entries(exported).filter((entry): entry is [string, RequestPair] => isPair(entry[1]));
  const describe = (topic: Topic): DocumentedTopic => {
    const [pairName, pair] = pairs.find(([, { request, reply }]) => request === topic || reply === topic) ?? [];
    const [ownName] = Object.entries(exported).find(([, value]) => value === topic) ?? [];
    const about = comments.get(ownName ?? pairName ?? "");
    if (about === undefined)
      throw new TypeError(`Nothing is written about the topic ${topic.name}: give its constant a comment.`);
    const isReply = pair?.reply === topic;
    return {
      topic,
      about: isReply ? `The reply to \`${pair.request.name}\`.` : about,
      schema: schemas.nameOf(topic),
      reply: isReply ? undefined : pair?.reply,
    };
  };
  return { topics: catalogue.map(describe), schemas: schemas.named };
}

function isPair(value: unknown): value is RequestPair {
  return typeof value === "object" && value !== null && "request" in value && "reply" in value;
}

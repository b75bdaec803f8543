export { type BinaryFrame, binaryFrame, FRAME_HEADER_BYTES, type ReceivedFrame } from "./binary-frame.ts";
export { type Accepted, type Decoded, decodeMessage, type Refused } from "./decode.ts";
export { DEFAULT_REQUEST_TIMEOUT_MS, defineRequest, type RequestDefinition } from "./define-request.ts";
export { type DefinedTopic, defineTopic } from "./define-topic.ts";
export { type Compat, checkOutgoing, encodeMessage, type MessageMeta } from "./encode.ts";
export type { Envelope, RemoteFailure } from "./envelope.ts";
export { FilterTrie } from "./filter-trie.ts";
export { rawTopic } from "./raw-topic.ts";
export type {
  ConcreteTopic,
  Delivery,
  InReference,
  Priority,
  RawTopic,
  RequestPair,
  Topic,
  WireFormat,
} from "./topic.ts";
export type { TopicDefinition } from "./topic-definition.ts";
export { isValidFilter, isValidTopicName, matches, paramsOf } from "./topic-filter.ts";
export type { TopicParam } from "./topic-name.ts";

export type { ConcreteTopic, Delivery, Priority, RawTopic, RequestPair, Topic, WireFormat } from "./topic.ts";

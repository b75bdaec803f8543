/** What tests of the flow of messages share beside `client.fixture.ts`: foreign messages, the record read, a clock to move. */
import { inspect } from "node:util";
import {
  type Link,
  type LinkPacket,
  type ManualClock,
  manualClock,
  type RawClient,
  type Recorder,
  recorder,
  until,
} from "@ts-tars/harness";
import type { IPublishPacket } from "mqtt-packet";
import { z } from "zod";
import type { Undelivered } from "./api.ts";
import { type HeardClient, type LogLine, recordingLog, type Site } from "./client.fixture.ts";
import { connectWith } from "./connect.ts";
import { defineTopic, rawTopic } from "./contract/index.ts";
import type { ConnectOptions } from "./options.ts";
import { type DeadLetter, parseDeadLetter } from "./receive/dead-letter.ts";

/** An event whose key is in its data. */
export const task = defineTopic({
  name: "test/task",
  type: "test.task",
  delivery: "event",
  payload: z.object({ key: z.string().default("-"), n: z.number().int() }),
  key: ({ key }) => key,
});
/** Holds what people said. */
export const whisper = defineTopic({
  name: "test/whisper",
  type: "test.whisper",
  delivery: "event",
  private: true,
  payload: z.object({ text: z.string() }),
});
/** Every dead letter of every service. */
export const allDead = rawTopic("dead/#");

let foreignIds = 0;

/** A message as a peer of another make sends it; a new id each time unless given. */
export function foreign(data: object, parts: Readonly<Record<string, unknown>> = {}): string {
  foreignIds += 1;
  const id = foreignIds.toString(16).padStart(32, "0");
  return JSON.stringify({ id, type: "foreign", ts: Date.now() / 1_000, source: "peer", data, ...parts });
}

/** A PUBLISH on the record. */
export interface SeenPublish extends LinkPacket {
  readonly packet: IPublishPacket;
}

/** Whether a packet is a PUBLISH, of this topic where one is given. */
export function isPublish(packet: LinkPacket, topic?: string): packet is SeenPublish {
  return packet.packet?.cmd === "publish" && (topic === undefined || packet.packet.topic === topic);
}

/** The PUBLISH packets that the broker sent, oldest first. */
export function publishesDown(link: Link, topic?: string): readonly SeenPublish[] {
  return link.packets().filter((each): each is SeenPublish => each.direction === "down" && isPublish(each, topic));
}

/** The PUBLISH packets that our client sent, oldest first. */
export function publishesUp(link: Link, topic?: string): readonly SeenPublish[] {
  return link.packets().filter((each): each is SeenPublish => each.direction === "up" && isPublish(each, topic));
}

/** Whether a packet is a PUBACK of ours. */
export function isPubackUp({ packet, direction }: LinkPacket): boolean {
  return packet?.cmd === "puback" && direction === "up";
}

/** The PUBACK packets that our client sent, oldest first. */
export function pubacksUp(link: Link): readonly LinkPacket[] {
  return link.packets().filter(isPubackUp);
}

/** Packet ids of what our client acknowledged, in order. */
export function acknowledged(link: Link): readonly number[] {
  return pubacksUp(link).map(({ packet }) => packet?.messageId ?? 0);
}

/** Resolves when our client has sent so many PUBACKs. */
export async function untilAcknowledged(link: Link, count: number): Promise<void> {
  await link.record.untilAll((seen) => seen.filter(isPubackUp).length >= count);
}

/** Dead letters as they come; what is cleared is undefined. */
export interface Graveyard {
  readonly letters: Recorder<{ readonly topic: string; readonly letter: DeadLetter | undefined }>;
  /** Resolves when everything published before has been seen. */
  fence(): Promise<void>;
}

/** Watches all dead letters over a connection of its own. */
export async function watchDead(site: Site): Promise<Graveyard> {
  const raw = await site.raw();
  const letters = recorder<{ topic: string; letter: DeadLetter | undefined }>(({ topic }) => topic);
  raw.mqtt.on("message", (topic, payload) => letters.push({ topic, letter: parseDeadLetter(payload) }));
  await raw.subscribe(allDead.filter);
  let fences = 0;
  return {
    letters,
    fence: async () => {
      fences += 1;
      const topic = `dead/fence/${fences}`;
      await raw.publish(topic, "");
      await letters.takeThrough((seen) => seen.topic === topic);
    },
  };
}

/** The retained dead letters that the broker holds now, by topic. */
export async function keptDead(site: Site): Promise<ReadonlyMap<string, DeadLetter>> {
  await using raw = await site.raw();
  await raw.publish("test/fence", "kept", { retain: true });
  await raw.subscribe([allDead.filter, "test/fence"]);
  const seen = await raw.received.takeThrough(({ topic }) => topic === "test/fence");
  return new Map(seen.flatMap(({ topic, payload }) => pairOf(topic, parseDeadLetter(payload))));
}

function pairOf(topic: string, letter: DeadLetter | undefined): readonly (readonly [string, DeadLetter])[] {
  return letter === undefined ? [] : [[topic, letter]];
}

/** Sends the same bytes so many times: what a redelivery looks like to the receiver. */
export async function publishTimes(raw: RawClient, [topic, payload]: readonly [string, string], times: number) {
  for (let time = 0; time < times; time += 1) await raw.publish(topic, payload);
}

/** A client whose clock the test moves; its network is real. Probing is off, for no time passes by itself. */
export interface ClockedClient extends HeardClient, AsyncDisposable {
  readonly clock: ManualClock;
}

/** Opens one over the site's link. */
export function openClocked(site: Site, options: Partial<ConnectOptions> = {}): ClockedClient {
  const clock = manualClock();
  const log = recorder<LogLine>(({ level, message }) => `${level} ${message}`);
  const undelivered = recorder<Undelivered>();
  const counts = new Map<string, number>();
  const client = connectWith(
    {
      url: site.link.url,
      probeAfterMs: Number.MAX_SAFE_INTEGER,
      log: recordingLog(log),
      hooks: { onCounter: (name, delta) => void counts.set(name, (counts.get(name) ?? 0) + delta) },
      onUndelivered: undelivered.push,
      ...options,
    },
    { clock: { ...clock, epochMs: () => Date.now() } },
  );
  return {
    client,
    clock,
    log,
    undelivered,
    count: (name) => counts.get(name) ?? 0,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Moves the clock until both links of the client are up again. */
export async function untilUp({ client, clock }: ClockedClient): Promise<void> {
  await until(
    async () => {
      await clock.advance(1_000);
      return client.state.kind === "up" && client.state.control !== "down";
    },
    { describe: () => `the client is ${inspect(client.state)}` },
  );
}

/** A process with many clients of a cluster, each with its default settings in the 3.1.1 mode; all of them talk, some listen. */
import { type Client, connect, type MessageId, SubscriptionRefusedError } from "@ts-tars/mqtt";
import { monotonicMs } from "../client/monotonic.ts";
import { servePeer } from "../client/serve-peer.ts";
import type { Accepted, Declared, Handled } from "../scorecard/ledger/recording.ts";
import { startPace } from "../scorecard/peers/pace.ts";
import type { NotedConnection } from "./fleet-record.ts";
import { clientIdOf, groupTopic, keyOf, listenerOf, ownTopic } from "./fleet-topics.ts";

/** The clients of one process. */
export interface FleetSettings {
  /** Of the nodes; each client begins with another one. */
  readonly urls: readonly string[];
  /** Numbers of the clients of this process; over all processes they begin at 0. */
  readonly clients: readonly number[];
  /** Clients with a number below this listen. */
  readonly listenerCount: number;
  /** Of all clients of this process together. */
  readonly messagesPerSecond: number;
  readonly paddingBytes: number;
}

export type FleetOrder =
  /** Resolves when all are connected and subscribed. */
  | { readonly do: "open"; readonly settings: FleetSettings }
  | { readonly do: "talk" }
  /** No more talk; resolves when all of it is confirmed or declared, or the flush has run out of time. */
  | { readonly do: "finish" }
  /** Resolves with `FleetCounts`. */
  | { readonly do: "count" }
  /** Closes all clients; resolves with the notes. */
  | { readonly do: "close" };

/** What the applications of this process noted; nothing of it is the client's word but `declared` and `connectionCount`. */
export interface FleetNotes {
  readonly accepted: readonly Accepted[];
  readonly handled: readonly Handled[];
  readonly declared: readonly Declared[];
  readonly refusedCount: number;
  readonly promises: { readonly made: number; readonly settled: number };
  /** When each client was connected, by its own word. */
  readonly connections: readonly NotedConnection[];
}

/** Messages that `publish` has taken and handlers that have started, so far. */
export interface FleetCounts {
  readonly accepted: number;
  readonly handled: number;
}

/** Longer than the cluster takes to elect a leader and to send again what nobody acknowledged, 30 s. */
const FLUSH_MS = 60_000;

interface Member {
  readonly client: Client;
  readonly number: number;
  /** Resolves when it listens, if it does. */
  readonly listening: Promise<void> | undefined;
  said: number;
  /** Resolves when the client is closed and its connections are noted. */
  readonly noted: Promise<void>;
}

const notes = {
  accepted: [] as Accepted[], // filled while the clients talk, as the following ones
  handled: [] as Handled[], // see above
  declared: [] as Declared[], // see above
  refusedCount: 0,
  promises: { made: 0, settled: 0 },
  connections: [] as NotedConnection[], // see above
} satisfies FleetNotes;
const names = new Map<MessageId, string>();
let members: readonly Member[] = [];
let talk = (): (() => void) => () => undefined;
let stopTalk = (): void => undefined;

servePeer<FleetOrder, never>(async (order) => {
  switch (order.do) {
    case "open":
      members = order.settings.clients.map((number) => openMember(number, order.settings));
      await Promise.all(members.map(({ client, listening }) => Promise.all([watch(client.ready()), listening])));
      talk = talkOf(order.settings);
      return undefined;
    case "talk":
      stopTalk = talk();
      return undefined;
    case "finish":
      stopTalk();
      await Promise.allSettled(members.map(({ client }) => watch(client.flush({ timeoutMs: FLUSH_MS }))));
      return undefined;
    case "count":
      return { accepted: notes.accepted.length, handled: notes.handled.length } satisfies FleetCounts;
    case "close":
      await Promise.all(members.map(({ client }) => watch(client.close())));
      await Promise.all(members.map(({ noted }) => noted));
      return notes;
  }
});

function openMember(number: number, { urls, listenerCount }: FleetSettings): Member {
  const first = number % urls.length;
  const client = connect({
    url: [...urls.slice(first), ...urls.slice(0, first)],
    clientId: clientIdOf(number),
    protocol: "3.1.1",
    onUndelivered: ({ id, reason }) => notes.declared.push({ message: names.get(id) ?? id, reason }),
  });
  client.subscribe(ownTopic.at({ client: `${number}` }), () => undefined);
  const listening = number < listenerCount ? listen(client, number) : undefined;
  void watch(client.closed);
  return { client, number, listening, said: 0, noted: noteConnections(client, clientIdOf(number)) };
}

async function noteConnections(client: Client, clientId: string): Promise<void> {
  let openedAtMs: number | undefined;
  for await (const { kind } of client.watch()) {
    const atMs = monotonicMs();
    if (kind === "up") openedAtMs ??= atMs;
    else if (openedAtMs !== undefined) {
      notes.connections.push({ clientId, openedAtMs, closedAtMs: atMs, backAtMs: openedAtMs });
      openedAtMs = undefined;
    }
  }
}

/** Resolves when the cluster has granted it: under load it refuses some at first, and what is said meanwhile nobody would get. */
async function listen(client: Client, group: number): Promise<void> {
  for (;;) {
    const subscription = client.subscribe(groupTopic.at({ group: `${group}` }), ({ data: { key, seq }, attempt }) => {
      notes.handled.push({ message: `${key}#${seq}`, key, seq, attempt, life: 1 });
    });
    try {
      return await subscription.active;
    } catch (error) {
      if (!(error instanceof SubscriptionRefusedError)) throw error;
      process.stderr.write(`${error.message} Asked for again.\n`);
      await subscription.stop();
    }
  }
}

/** The clients take turns. */
function talkOf({ listenerCount, messagesPerSecond: perSecond, paddingBytes }: FleetSettings): () => () => void {
  const padding = "x".repeat(paddingBytes);
  let turn = 0;
  const act = (): void => {
    const member = members[turn % members.length];
    turn += 1;
    if (member !== undefined) say(member, { listenerCount, padding });
  };
  return () => startPace({ perSecond, act });
}

function say(member: Member, { listenerCount, padding }: { readonly listenerCount: number; readonly padding: string }) {
  const [key, seq] = [keyOf(member.number), member.said];
  const message = `${key}#${seq}`;
  const topic = groupTopic.at({ group: `${listenerOf(member.number, listenerCount)}` });
  try {
    names.set(member.client.publish(topic, { key, seq, padding }), message);
    notes.accepted.push({ message, key, seq, atMs: Date.now(), life: 1, isDurable: false });
    member.said += 1;
  } catch {
    notes.refusedCount += 1;
  }
}

function watch<T>(promise: Promise<T>): Promise<T> {
  notes.promises.made += 1;
  const settled = (): void => {
    notes.promises.settled += 1;
  };
  promise.then(settled, settled);
  return promise;
}

/** The 3.1.1 mode on a cluster of an existing broker (NATS servers), with its nodes as a list. */
import { type NatsCluster, openNatsCluster, recorder, until } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { z } from "zod";
import { type Client, connect, defineTopic } from "./index.ts";

const word = defineTopic({
  name: "cluster/{to}",
  type: "cluster.word",
  delivery: "event",
  payload: z.object({ from: z.int(), count: z.int() }),
});

const CLIENTS = 12;
/** What a node that died had sent and nobody acknowledged the cluster sends again after 30 s. */
const ARRIVAL_MS = 50_000;

/** Clients in a ring, each with another node first: each hears the one before. */
function openRing(stack: AsyncDisposableStack, { urls }: NatsCluster) {
  const heard = recorder<string>();
  const clients = Array.from({ length: CLIENTS }, (_, number): Client => {
    const first = number % urls.length;
    const url = [...urls.slice(first), ...urls.slice(0, first)];
    const client = stack.use(connect({ url, clientId: `ring-${number}`, protocol: "3.1.1" }));
    client.subscribe(word.at({ to: `${number}` }), ({ data }) => heard.push(`${data.from}#${data.count}`));
    return client;
  });
  const sent: string[] = [];
  const say = (count: number): void => {
    for (const [from, client] of clients.entries()) {
      client.publish(word.at({ to: `${(from + 1) % CLIENTS}` }), { from, count });
      sent.push(`${from}#${count}`);
    }
  };
  return { clients, heard, sent, say };
}

test("when a node of a cluster is killed its clients are back at another one, and each message is handled once", async () => {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await openNatsCluster());
  const { clients, heard, sent, say } = openRing(stack, cluster);
  await Promise.all(clients.map((client) => client.ready()));
  const leaders = [await cluster.leaderOf("messages"), await cluster.leaderOf("sessions")];
  // Of three nodes one leads neither: nobody has to wait for an election.
  const victim = cluster.nodes.find((node) => !leaders.includes(node));

  for (let count = 0; count < 10; count += 1) say(count);
  await victim?.kill();
  for (let count = 10; count < 20; count += 1) say(count);
  await until(() => clients.every(({ state }) => state.kind === "up"), { deadlineMs: ARRIVAL_MS });
  say(20);

  await heard.untilAll((seen) => new Set(seen).size === sent.length, { deadlineMs: ARRIVAL_MS });
  expect(heard.seen.toSorted()).toEqual(sent.toSorted());
}, 120_000);

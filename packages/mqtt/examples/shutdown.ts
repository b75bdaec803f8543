import { connect, defineTopic } from "@ts-tars/mqtt";
import { z } from "zod";

const task = defineTopic({
  name: "shutdown/task",
  type: "shutdown.task",
  delivery: "event",
  payload: z.object({ name: z.string() }),
});

const client = connect({ url: "mqtt://localhost", clientId: "orderly", drainMs: 5_000 });
const begun = Promise.withResolvers<void>();
const mayEnd = Promise.withResolvers<void>();
const tasks = client.subscribe(task, async ({ data, signal }) => {
  begun.resolve();
  await mayEnd.promise; // running handlers are waited for; after `drainMs` their signal aborts
  console.log(`${data.name} done, ${signal.aborted ? "told to stop" : "undisturbed"}`);
});
await tasks.active;
client.publish(task, { name: "the last one" });
await begun.promise;

const closing = client.close(); // starts no new handler; what is not finished comes again in the next life
mayEnd.resolve();
await closing; // acknowledged, flushed, DISCONNECT sent; never throws, never hangs
const { reason } = await client.closed;
console.log(reason);

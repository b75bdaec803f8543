import { connect, defineTopic } from "@ts-tars/mqtt";
import { z } from "zod";

const COUNT = 500;
const job = defineTopic({
  name: "work/{queue}",
  type: "work.job",
  delivery: "command",
  ttlMs: "none",
  payload: z.object({ number: z.int(), account: z.string() }),
  key: ({ account }) => account, // in order for each account, accounts side by side
});

await using worker = connect({ url: "mqtt://localhost", clientId: "worker" });
const lastOf = new Map<string, number>();
const done = Promise.withResolvers<void>();
let doneCount = 0;
const jobs = worker.subscribe(
  job,
  async ({ data, signal }) => {
    signal.throwIfAborted(); // at the timeout, at `stop`, and when `close` has waited long enough
    await new Promise((resolve) => setImmediate(resolve)); // the work
    if (data.number < (lastOf.get(data.account) ?? -1)) throw new Error("overtaken");
    lastOf.set(data.account, data.number);
    doneCount += 1;
    if (doneCount === COUNT) done.resolve();
  },
  { concurrency: 8, timeoutMs: 30_000, retry: { attempts: 5 } },
);
await jobs.active;

await using producer = connect({ url: "mqtt://localhost", outbox: { maxMessages: 100 } });
const queue = job.at({ queue: "invoices" });
for (let number = 0; number < COUNT; number += 1) {
  await producer.room(queue, { timeoutMs: 60_000 }); // waits while more than half of the outbox is taken
  producer.publish(queue, { number, account: `account-${number % 5}` });
}
await done.promise;
console.log(`${doneCount} jobs, ${lastOf.size} accounts, each in order`);

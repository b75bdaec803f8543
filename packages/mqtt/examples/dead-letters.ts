import { connect, defineTopic, parseDeadLetter, rawTopic } from "@ts-tars/mqtt";
import { z } from "zod";

const order = defineTopic({
  name: "shop/order",
  type: "shop.order",
  delivery: "event",
  payload: z.object({ sku: z.string() }),
});

await using shop = connect({ url: "mqtt://localhost", clientId: "shop" });
const orders = shop.subscribe(
  order,
  ({ data, attempt }) => {
    console.log(`${data.sku}, attempt ${attempt}`);
    throw new Error("no such article");
  },
  { retry: { attempts: 2, minDelayMs: 10 } },
);
await orders.active;

// What cannot be handled is kept, retained, and then acknowledged: it neither blocks the queue nor gets lost.
await using clerk = connect({ url: "mqtt://localhost" });
const found = Promise.withResolvers<void>();
const letters = clerk.subscribe(
  rawTopic("dead/shop/+"),
  ({ payload }) => {
    const letter = parseDeadLetter(payload);
    if (letter === undefined) return;
    console.log(`${letter.topic}: ${letter.reason} after ${letter.attempts} attempts: ${letter.error}`);
    found.resolve();
  },
  { retained: "handle" },
);
await letters.active;
clerk.publish(order, { sku: "4711" });
await found.promise;

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, defineTopic } from "@ts-tars/mqtt";
import { stateDirectory } from "@ts-tars/mqtt/outbox"; // loads node:sqlite
import { z } from "zod";

const order = defineTopic({
  name: "shop/order",
  type: "shop.order",
  delivery: "command",
  ttlMs: "none",
  durable: true,
  payload: z.object({ item: z.string() }),
});
const path = mkdtempSync(join(tmpdir(), "shop-")); // in earnest /var/lib/shop: a directory for this client alone

const first = connect({ url: "mqtt://localhost", clientId: "shop", state: stateDirectory(path) });
first.publish(order, { item: "a lamp" }); // on the disk when it returns
await first.close(); // before it was connected; it might as well have been killed

await using kitchen = connect({ url: "mqtt://localhost" });
const delivered = Promise.withResolvers<void>();
await kitchen.subscribe(order, ({ data }) => delivered.resolve(console.log(`ordered: ${data.item}`))).active;
await using _second = connect({ url: "mqtt://localhost", clientId: "shop", state: stateDirectory(path) });
await delivered.promise;

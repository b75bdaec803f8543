import { connect, defineTopic, UndeliveredError } from "@ts-tars/mqtt";
import { z } from "zod";

const door = defineTopic({
  name: "house/door",
  type: "house.door",
  delivery: "command",
  ttlMs: 5_000, // nobody wants a door to open an hour late
  payload: z.object({ open: z.boolean() }),
});

await using client = connect({
  url: "mqtt://localhost",
  // Every message that was accepted ends: confirmed by the broker, or here with its reason.
  onUndelivered: ({ topic, reason }) => console.error(`${topic}: ${reason}`),
});

client.publish(door, { open: true }); // queued, never waits: also while there is no connection
await client.flush(); // everything queued so far is confirmed or reported

try {
  const { matched } = await client.publishConfirmed(door, { open: false }, { timeoutMs: 2_000 });
  console.log(matched === false ? "confirmed, and nobody listens" : "confirmed");
} catch (error) {
  if (!(error instanceof UndeliveredError)) throw error;
  console.log(error.sent === "no" ? "never left" : "may have arrived");
}

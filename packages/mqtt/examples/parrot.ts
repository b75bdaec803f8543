import { connect, defineTopic } from "@ts-tars/mqtt";
import { z } from "zod";

const payload = z.object({ text: z.string() });
const heard = defineTopic({ name: "parrot/heard", type: "heard", delivery: "event", payload, acceptsBare: true });
const say = defineTopic({ name: "parrot/say", type: "say", delivery: "command", ttlMs: 15_000, payload });

const client = connect({ url: "mqtt://localhost", clientId: "parrot" }); // returns at once, dials on the next turn
client.subscribe(heard, ({ data }) => void client.publish(say, data));
process.once("SIGTERM", () => void client.close());
await client.closed; // { reason, error? }, never rejects

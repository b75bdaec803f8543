import { connect, defineTopic } from "@ts-tars/mqtt";
import { z } from "zod";

const tick = defineTopic({
  name: "hooks/tick",
  type: "hooks.tick",
  delivery: "event",
  payload: z.object({ n: z.int() }),
});

const counters = new Map<string, number>();
const handled = Promise.withResolvers<void>();
await using client = connect({
  url: "mqtt://localhost",
  hooks: {
    onCounter: (name, delta) => {
      counters.set(name, (counters.get(name) ?? 0) + delta);
      if (name === "messages_handled") handled.resolve();
    },
    // Asked when a piece of work begins; what is given back is current in it, travels with its messages, and hears of its end.
    onSpan: ({ kind, topic, traceparent }) => ({
      traceparent, // carried on as it came; a tracer has one of its own
      run: (work) => work(),
      end: ({ outcome }) => {
        if (kind === "handle") console.log(kind, topic, outcome);
      },
    }),
  },
});
await client.subscribe(tick, () => undefined).active;
client.publish(tick, { n: 1 });
await handled.promise;
console.log(`published ${counters.get("messages_published")}, handled ${counters.get("messages_handled")}`);

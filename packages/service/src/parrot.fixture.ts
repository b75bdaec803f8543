/** A whole service process for tests: repeats what it is told on `tts/status`, and misbehaves when told so. */
import { ttsSay, ttsStatus } from "@ts-tars/contracts";
import { defineConfig } from "./config/define.ts";
import { field } from "./config/field.ts";
import { whenAborted } from "./lifetime.ts";
import { Mailbox } from "./mailbox.ts";
import { runService } from "./run-service.ts";
import { defineService } from "./service-definition.ts";

const config = defineConfig({
  name: "parrot",
  prefix: "PARROT",
  fields: {
    suffix: field.text({ doc: "What it says behind everything.", default: "" }),
    perches: field.int({ doc: "How many perches.", min: 1, default: 1 }),
    seed: field.secret({ doc: "Its food." }),
  },
});

await runService(
  defineService({
    name: "parrot",
    topics: { publishes: [ttsStatus], subscribes: [ttsSay] },
    config,
    create: ({ config: { suffix }, client, health }) => {
      return async ({ stop, ready }) => {
        const inbox = new Mailbox<string>();
        const orders: Readonly<Record<string, () => void>> = {
          crash: () => setImmediate(() => Promise.reject(new Error("ouch"))),
          degrade: () => health.degraded("No voice is installed.", "Install espeak-ng."),
          recover: () => health.ok(),
          detail: () => health.detail({ engine: "null" }),
          leave: () => inbox.close(),
        };
        const say = client.subscribe(ttsSay, ({ data }) => inbox.handled(data.text));
        whenAborted(stop, () => inbox.close());
        await say.active;
        ready();
        await inbox.run(async (text) => {
          client.publish(ttsStatus, { event: "speaking_start", text: `${text}${suffix}` });
          orders[text]?.();
          if (text === "hang") await new Promise(() => undefined);
        });
      };
    },
  }),
);

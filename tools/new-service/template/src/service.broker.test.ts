import { type HealthPing, systemHealth, turnAnswer } from "@ts-tars/contracts";
import { openBroker, openWorld, recorder } from "@ts-tars/harness";
import { connect } from "@ts-tars/mqtt";
import { startService } from "@ts-tars/service";
import { expect, test } from "vitest";
import { sampleServiceService } from "./definition.ts";

test("the figures in the health grow with each final answer", async () => {
  await using broker = await openBroker();
  const sources = { env: { MQTT_URL: broker.url, XDG_CONFIG_HOME: "/nowhere", TARS_LOG_LEVEL: "silent" } };
  await using _world = await openWorld({
    services: { sample: (lifetime) => startService(sampleServiceService, { lifetime, sources }) },
  });
  await using client = connect({ url: broker.url });
  const details = recorder<HealthPing["detail"]>();
  await client.subscribe(systemHealth, ({ data }) => details.push(data.detail)).active;

  const answer = { utt_id: "0".repeat(32), text: "Noon." } as const;
  client.publish(turnAnswer, { ...answer, seq: 0, path: "llm", final: false });
  client.publish(turnAnswer, { ...answer, seq: 1, path: "intent", final: true });

  expect(await details.until((detail) => detail?.["intent"] !== undefined)).toEqual({ intent: 1 });
});

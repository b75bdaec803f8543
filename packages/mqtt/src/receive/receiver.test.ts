import { manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { rawTopic } from "../contract/index.ts";
import { SILENT_LOG } from "../log.ts";
import { createMeter } from "../meter.ts";
import type { InboundPublish, Transport } from "../transport/transport.ts";
import type { DeliverDeps } from "./delivery.ts";
import { Gate } from "./gate.ts";
import { Receiver } from "./receiver.ts";
import { createSubscription, type SubscriptionRecord } from "./subscription.ts";
import { SubscriptionTable } from "./subscription-table.ts";

const PAGE_BYTES = 65_536;

/** A message as it comes from the socket: its payload lies on a page with others. */
function packetOnPage(): InboundPublish {
  const page = Buffer.alloc(PAGE_BYTES);
  const length = page.write("hello", 1_000);
  return {
    ...{ topic: "a", payload: page.subarray(1_000, 1_000 + length), qos: 0, dup: false, retain: false, packetId: 0 },
    ...{ expirySec: undefined, subscriptionIds: [], responseTopic: undefined, correlationData: undefined },
    cutFromBytes: undefined,
  };
}

/** A receiver, and a reader of its own that tells the payloads as they reach it. */
function openReceiver() {
  const table = new SubscriptionTable<SubscriptionRecord>();
  const payloads: Uint8Array[] = [];
  const base = createSubscription({
    ...{ number: 1, topic: rawTopic("a"), call: () => undefined, wantsCleared: false, options: {} },
    ...{ gate: new Gate(1), isControl: false },
  });
  const reader: SubscriptionRecord = { ...base, intake: (_topic, payload) => void payloads.push(payload) };
  const receiver = new Receiver({
    ...{
      clock: { ...manualClock(), epochMs: () => 0 },
      log: SILENT_LOG,
      meter: createMeter(undefined, SILENT_LOG),
      isControl: false,
      table,
    },
    deliver: {} as DeliverDeps, // what is only read by the client itself needs nothing of it
    ...{ onOverfull: () => undefined, onRoom: () => undefined },
  });
  receiver.connected({ puback: () => undefined } as unknown as Transport); // nothing else of it is called
  return { receiver, table, reader, payloads };
}

test("a message that is read at once is read where it lies", () => {
  const { receiver, table, reader, payloads } = openReceiver();
  table.add(reader);

  receiver.receive(packetOnPage());

  expect(payloads.map((payload) => [Buffer.from(payload).toString(), payload.buffer.byteLength])).toEqual([
    ["hello", PAGE_BYTES],
  ]);
  receiver.stop();
});

test("a message that has to wait keeps its own bytes, and not the page that it came on", async () => {
  const { receiver, table, reader, payloads } = openReceiver();
  receiver.receive(packetOnPage());

  table.add(reader);
  receiver.reconsider();
  await Promise.resolve();

  expect(payloads.map((payload) => [Buffer.from(payload).toString(), payload.buffer.byteLength])).toEqual([
    ["hello", 5],
  ]);
  receiver.stop();
});

import { expect, test } from "vitest";
import type { InboundPublish } from "../transport/transport.ts";
import { detached } from "./detached.ts";

const packetOf = (payload: Buffer): InboundPublish => ({
  ...{ topic: "a", payload, qos: 1, dup: true, retain: false, packetId: 7, expirySec: 3, subscriptionIds: [4] },
  ...{ responseTopic: undefined, correlationData: undefined, cutFromBytes: undefined },
});

test("what waits keeps its own bytes, and not the page that it came on", () => {
  const page = Buffer.alloc(65_536);
  page.write("hello", 1_000);

  const packet = detached(packetOf(page.subarray(1_000, 1_005)));
  page.fill(0);

  expect(packet).toEqual(packetOf(Buffer.from("hello")));
  expect(packet.payload.buffer.byteLength).toBe(5);
});

test("a payload that is most of its page is not copied", () => {
  const page = Buffer.alloc(65_536);
  const packet = packetOf(page.subarray(100));

  expect(detached(packet)).toBe(packet);
});

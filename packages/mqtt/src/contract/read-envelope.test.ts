import { expect, test } from "vitest";
import { readEnvelope } from "./read-envelope.ts";

const ENVELOPE = { id: "1", type: "lamp.set", ts: 1.5, source: "router", data: {} };

test("an envelope with a source that is empty is read, since a peer without a name sends it", () => {
  expect(readEnvelope({ ...ENVELOPE, source: "" }).ok).toBe(true);
});

test.each(["id", "type", "source", "correlation_id"])(
  "an envelope whose %s is longer than 256 characters is refused",
  (name) => {
    const long = readEnvelope({ ...ENVELOPE, [name]: "x".repeat(257) });

    expect(readEnvelope({ ...ENVELOPE, [name]: "x".repeat(256) }).ok).toBe(true);
    expect(long.ok ? [] : long.problems.map(({ path }) => path)).toEqual([name]);
  },
);

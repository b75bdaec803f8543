import { expect, test } from "vitest";
import { Notes } from "./notes.ts";

const ACCEPTED = { message: "a#0", key: "a", seq: 0, atMs: 0, life: 1, isDurable: true };

test("what a later life says of a message of an earlier one is noted under the message's name", () => {
  const notes = new Notes();
  notes.add({ type: "accepted", note: ACCEPTED, id: "id-1" });

  notes.add({ type: "undelivered", id: "id-1", reason: "expired" });
  notes.add({ type: "undelivered", id: "of no message of ours", reason: "expired" });

  expect(notes.declared).toEqual([{ message: "a#0", reason: "expired" }]);
});

test("a stop is placed among the handler starts at the moment it was heard first", () => {
  const notes = new Notes();
  const start = { message: "a#0", key: "a", seq: 0, attempt: 1, life: 1 };

  notes.add({ type: "handled", note: start });
  notes.add({ type: "stop_heard", stop: "s" });
  notes.add({ type: "handled", note: { ...start, message: "a#1", seq: 1 } });
  notes.add({ type: "stop_heard", stop: "s" });

  expect([...notes.stopsHeard]).toEqual([["s", 1]]);
});

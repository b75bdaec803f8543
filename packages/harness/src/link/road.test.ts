import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { manualClock } from "../manual-clock.ts";
import { recorder } from "../recorder.ts";
import type { Sink } from "./lane.ts";
import { Road } from "./road.ts";

/** Takes everything at once and remembers it. */
class FakeSink extends Writable implements Sink {
  readonly taken: Buffer[] = [];
  wasReset = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk);
    done();
  }

  resetAndDestroy(): void {
    this.wasReset = true;
  }

  get bytes(): number {
    return this.taken.reduce((sum, { length }) => sum + length, 0);
  }
}

function openRoad() {
  const clock = manualClock();
  const road = new Road(clock);
  const open = () => {
    const sink = new FakeSink();
    const forwarded = recorder<number>();
    const lane = road.open(sink, { onForwarded: forwarded.push, onRoom: () => undefined });
    const send = (size: number) => road.send(lane, { bytes: Buffer.alloc(size), record: undefined });
    return { sink, forwarded, lane, send };
  };
  return { clock, road, open };
}

test("A road without faults lets everything pass at once", () => {
  const { open } = openRoad();
  const { sink, send } = open();

  send(70_000);

  expect(sink.bytes).toBe(70_000);
});

test("A stalled road holds everything in order, and an end behind it", async () => {
  const { road, open } = openRoad();
  const { sink, lane, send } = open();
  road.setStalled(true);
  send(1);
  send(2);
  road.send(lane, "end");
  expect(sink.bytes).toBe(0);

  road.setStalled(false);

  expect(sink.taken.map(({ length }) => length)).toEqual([1, 2]);
  expect(sink.writableEnded).toBe(true);
});

test("A delay keeps every byte for its time, and the order", async () => {
  const { clock, road, open } = openRoad();
  const { sink, send } = open();
  road.setDelay(100);
  send(1);
  await clock.advance(60);
  road.setDelay(10);
  send(2);

  await clock.advance(39);
  expect(sink.bytes).toBe(0);
  await clock.advance(1);

  expect(sink.taken.map(({ length }) => length)).toEqual([1, 2]);
});

test("A throttled road gives its bandwidth and no more", async () => {
  const { clock, road, open } = openRoad();
  const { sink, send } = open();
  road.setRate(1_000_000);
  send(250_000);

  await clock.advance(1_000);

  // 125 000 bytes a second, in slices of 1 448, one of them ahead, 5 ms of them to catch up.
  expect(sink.bytes).toBeGreaterThanOrEqual(125_000);
  expect(sink.bytes).toBeLessThanOrEqual(125_000 + 2 * 1_448 + 625);
});

test("Two lanes of a throttled road have their turns: a small packet does not wait behind a large one", async () => {
  const { clock, road, open } = openRoad();
  const [bulk, urgent] = [open(), open()];
  road.setRate(1_000_000);
  bulk.send(1_000_000);
  await clock.advance(500);

  urgent.send(100);
  await clock.advance(25);

  expect(urgent.sink.bytes).toBe(100);
  const before = bulk.sink.bytes;
  await clock.advance(100);
  expect(bulk.sink.bytes).toBeGreaterThan(before);
});

test("Two full lanes of a throttled road get half of it each", async () => {
  const { clock, road, open } = openRoad();
  const [one, other] = [open(), open()];
  road.setRate(1_000_000);
  one.send(1_000_000);
  other.send(1_000_000);

  await clock.advance(2_000);

  expect(Math.abs(one.sink.bytes - other.sink.bytes)).toBeLessThanOrEqual(1_448);
});

test("A budget ends in the middle of a packet, and calls once", async () => {
  const { clock, road, open } = openRoad();
  const { sink, forwarded, send } = open();
  const spent = recorder<string>();
  road.setBudget({ bytes: 10, onSpent: () => spent.push("spent") });
  send(7);
  send(7);
  send(7);
  expect(sink.bytes).toBe(10);
  expect(spent.seen).toEqual([]);

  await clock.advance(0);

  expect(spent.seen).toEqual(["spent"]);
  expect(forwarded.seen.slice(0, 2)).toEqual([7, 3]);
});

test("A discarded lane forgets what waits and takes no more", () => {
  const { road, open } = openRoad();
  const { sink, lane, send } = open();
  road.setStalled(true);
  send(5);

  road.discard(lane);
  road.setStalled(false);
  send(5);

  expect(sink.bytes).toBe(0);
  expect(lane.queuedBytes).toBe(0);
});

test("A reset is told after everything before it", async () => {
  const { clock, road, open } = openRoad();
  const { sink, lane, send } = open();
  road.setDelay(10);
  send(5);
  road.send(lane, "reset");
  expect(sink.wasReset).toBe(false);

  await clock.advance(10);

  expect(sink).toMatchObject({ bytes: 5, wasReset: true });
});

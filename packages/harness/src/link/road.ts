import type { Socket } from "node:net";
import type { Direction, Draft, LinkPacket } from "./record.ts";

/** A slice that a throttled road sends at a time: one packet of an Ethernet. */
const SLICE_BYTES = 1_448;
/** How far behind its rate a throttled road may catch up: the lateness of a timer. */
const CATCH_UP_MS = 5;

/** What waits to go on, in order. */
type Segment =
  | { readonly kind: "bytes"; readonly bytes: Buffer; readonly record: Draft<LinkPacket> | undefined }
  | { readonly kind: "end" | "reset" };

/** One direction of one connection. */
export interface Lane {
  readonly direction: Direction;
  readonly queuedBytes: number;
  send(bytes: Buffer, record?: Draft<LinkPacket>): void;
  /** The sender has closed its side, orderly or by a reset; told after everything before it. */
  close(how: "end" | "reset"): void;
  /** Forgets what waits and takes no more. */
  discard(): void;
}

/** What a lane tells. */
export interface LaneEvents {
  readonly onForwarded: (bytes: number, record: Draft<LinkPacket> | undefined) => void;
  /** Something left the queue. */
  readonly onRoom: () => void;
}

/** All lanes of one direction: they share its faults and its bandwidth, in turns. */
export interface Road {
  open(sink: Socket, events: LaneEvents): Lane;
  setStalled(isStalled: boolean): void;
  setDelay(delayMs: number): void;
  setRate(bitsPerSecond: number | undefined): void;
  /** After so many more bytes `onSpent` is called, in the middle of a packet if it comes to that. */
  setBudget(budget: { readonly bytes: number; readonly onSpent: () => void } | undefined): void;
  /** Forgets its timer. */
  close(): void;
}

interface QueuedSegment {
  readonly segment: Segment;
  readonly dueAtMs: number;
  sentBytes: number;
}

interface LaneState {
  readonly sink: Socket;
  readonly events: LaneEvents;
  readonly queue: QueuedSegment[];
  queuedBytes: number;
}

/** A road without faults. The link's scheduler: besides `deadline.ts` the only timer of the harness. */
export function openRoad(direction: Direction): Road {
  const lanes = new Set<LaneState>();
  let isStalled = false;
  let isSpent = false;
  let delayMs = 0;
  let bitsPerSecond: number | undefined;
  let budget: { bytes: number; readonly onSpent: () => void } | undefined;
  let freeAtMs = 0;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    clearTimeout(timer);
    while (!isStalled && !isSpent) {
      const nowMs = performance.now();
      const lane = firstReady(lanes, nowMs);
      const mayGoAtMs = lane === undefined ? nextDueMs(lanes) : freeAtMs;
      if (lane === undefined || freeAtMs > nowMs) {
        if (mayGoAtMs !== undefined) wakeIn(mayGoAtMs - nowMs);
        return;
      }
      // To the end of the line, so that the others have their turn.
      lanes.delete(lane);
      lanes.add(lane);
      if (!forwardNext(lane, nowMs)) return;
    }
  }

  function wakeIn(ms: number): void {
    timer = setTimeout(pump, Math.max(1, Math.ceil(ms)));
  }

  /** False when that ended the road. */
  function forwardNext(lane: LaneState, nowMs: number): boolean {
    const head = lane.queue[0];
    if (head === undefined) return true;
    if (head.segment.kind !== "bytes") {
      lane.queue.shift();
      if (head.segment.kind === "end") lane.sink.end();
      else lane.sink.resetAndDestroy();
      return true;
    }
    const slice = nextSlice(head.segment.bytes, head.sentBytes);
    if (bitsPerSecond !== undefined) {
      freeAtMs = Math.max(freeAtMs, nowMs - CATCH_UP_MS) + (slice.length * 8_000) / bitsPerSecond;
    }
    write(lane, head, slice);
    if (budget === undefined) return true;
    budget.bytes -= slice.length;
    return budget.bytes > 0 || spend(budget.onSpent);
  }

  function nextSlice(bytes: Buffer, sentBytes: number): Buffer {
    const mostBytes = Math.min(bitsPerSecond === undefined ? bytes.length : SLICE_BYTES, budget?.bytes ?? bytes.length);
    return bytes.subarray(sentBytes, sentBytes + mostBytes);
  }

  /** Nothing goes on until the cut, which comes when the write has reached the socket: now it could take the bytes back. */
  function spend(onSpent: () => void): false {
    budget = undefined;
    isSpent = true;
    setImmediate(() => {
      onSpent();
      isSpent = false;
      pump();
    });
    return false;
  }

  function openLane(sink: Socket, events: LaneEvents): Lane {
    const lane: LaneState = { sink, events, queue: [], queuedBytes: 0 };
    lanes.add(lane);
    sink.on("drain", pump);
    const enqueue = (segment: Segment): void => {
      lane.queue.push({ segment, dueAtMs: performance.now() + delayMs, sentBytes: 0 });
      pump();
    };
    return {
      direction,
      get queuedBytes() {
        return lane.queuedBytes;
      },
      send: (bytes, record) => {
        if (!lanes.has(lane)) return;
        lane.queuedBytes += bytes.length;
        enqueue({ kind: "bytes", bytes, record });
      },
      close: (how) => {
        if (lanes.has(lane)) enqueue({ kind: how });
      },
      discard: () => {
        lanes.delete(lane);
        lane.queue.length = 0;
        lane.queuedBytes = 0;
        sink.off("drain", pump);
      },
    };
  }

  const changed = (change: () => void): void => {
    change();
    pump();
  };
  return {
    open: openLane,
    setStalled: (stalled) =>
      changed(() => {
        isStalled = stalled;
      }),
    setDelay: (ms) => {
      delayMs = ms;
    },
    setRate: (rate) =>
      changed(() => {
        bitsPerSecond = rate;
        freeAtMs = 0;
      }),
    setBudget: (next) => {
      budget = next === undefined ? undefined : { ...next };
    },
    close: () => clearTimeout(timer),
  };
}

function firstReady(lanes: ReadonlySet<LaneState>, nowMs: number): LaneState | undefined {
  for (const lane of lanes) {
    const head = lane.queue[0];
    if (head !== undefined && head.dueAtMs <= nowMs && !lane.sink.writableNeedDrain) return lane;
  }
  return undefined;
}

function nextDueMs(lanes: ReadonlySet<LaneState>): number | undefined {
  let dueAtMs: number | undefined;
  for (const { queue, sink } of lanes) {
    const head = queue[0];
    if (head === undefined || sink.writableNeedDrain) continue; // its drain wakes the road
    dueAtMs = Math.min(dueAtMs ?? head.dueAtMs, head.dueAtMs);
  }
  return dueAtMs;
}

function write(lane: LaneState, head: QueuedSegment, slice: Buffer): void {
  if (head.segment.kind !== "bytes") return;
  const { bytes, record } = head.segment;
  head.sentBytes += slice.length;
  lane.queuedBytes -= slice.length;
  if (head.sentBytes >= bytes.length) lane.queue.shift();
  lane.sink.write(slice, (error) => {
    if (!error) lane.events.onForwarded(slice.length, record);
  });
  lane.events.onRoom();
}

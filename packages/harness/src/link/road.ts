import { type Ending, Lane, type LaneEvents, type Sink } from "./lane.ts";
import type { Draft, LinkPacket } from "./record.ts";
import { REAL_TIME, type Scheduler } from "./scheduler.ts";

/** A slice that a throttled road sends at a time: the payload of one Ethernet packet. */
const SLICE_BYTES = 1_448;
/** How far behind its rate a throttled road may catch up: the lateness of a timer. */
const CATCH_UP_MS = 5;

/** So many more bytes may pass, then `onSpent` is called. */
export interface Budget {
  readonly bytes: number;
  readonly onSpent: () => void;
}

/**
 * One direction of a link: all its lanes share its faults and its bandwidth, in turns.
 *
 * A lane sends when the road is neither stalled nor spent, its packet's delay has passed, its sink takes bytes, and the
 * bandwidth has a slice to give.
 */
export class Road {
  readonly #time: Scheduler;
  readonly #lanes = new Set<Lane>();
  #isStalled = false;
  /** The budget is used up, its cut not yet made. */
  #isSpent = false;
  #delayMs = 0;
  #bitsPerSecond: number | undefined;
  /** When the bandwidth has a slice to give. */
  #freeAtMs = 0;
  #budget: Budget | undefined;
  #cancelWake: () => void = () => undefined;

  constructor(time: Scheduler = REAL_TIME) {
    this.#time = time;
  }

  /** Opens a lane to `sink`. */
  open(sink: Sink, events: LaneEvents): Lane {
    const lane = new Lane(sink, events);
    this.#lanes.add(lane);
    sink.on("drain", this.#pump);
    return lane;
  }

  /** Sends a packet, or the news that its sender has closed, down the lane. */
  send(lane: Lane, content: { readonly bytes: Buffer; readonly record: Draft<LinkPacket> | undefined } | Ending): void {
    lane.enqueue(content, this.#time.nowMs() + this.#delayMs);
    this.#pump();
  }

  /** Closes a lane; what waits in it is lost. */
  discard(lane: Lane): void {
    this.#lanes.delete(lane);
    lane.sink.off("drain", this.#pump);
    lane.discard();
  }

  setStalled(isStalled: boolean): void {
    this.#isStalled = isStalled;
    this.#pump();
  }

  /** For what comes from now on. */
  setDelay(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  setRate(bitsPerSecond: number | undefined): void {
    this.#bitsPerSecond = bitsPerSecond;
    this.#freeAtMs = 0;
    this.#pump();
  }

  setBudget(budget: Budget | undefined): void {
    this.#budget = budget;
  }

  /** Forgets its timer. */
  close(): void {
    this.#cancelWake();
  }

  /** Lets everything go on that may; sets the timer for the next. */
  readonly #pump = (): void => {
    this.#cancelWake();
    while (!this.#isStalled && !this.#isSpent) {
      const nowMs = this.#time.nowMs();
      const next = nextLane(this.#lanes, nowMs);
      if (next === undefined) return;
      const mayGoAtMs = Math.max(next.dueAtMs, this.#freeAtMs);
      if (mayGoAtMs > nowMs) {
        this.#cancelWake = this.#time.setTimer(mayGoAtMs - nowMs, this.#pump);
        return;
      }
      this.#forward(next.lane, nowMs);
    }
  };

  #forward(lane: Lane, nowMs: number): void {
    // To the end of the line, so that the others have their turn.
    this.#lanes.delete(lane);
    this.#lanes.add(lane);
    const isThrottled = this.#bitsPerSecond !== undefined;
    const sentBytes = lane.forward(Math.min(isThrottled ? SLICE_BYTES : Infinity, this.#budget?.bytes ?? Infinity));
    if (this.#bitsPerSecond !== undefined) {
      const tookMs = (sentBytes * 8_000) / this.#bitsPerSecond;
      this.#freeAtMs = Math.max(this.#freeAtMs, nowMs - CATCH_UP_MS) + tookMs;
    }
    if (this.#budget !== undefined) this.#spend(this.#budget, sentBytes);
  }

  #spend({ bytes, onSpent }: Budget, sentBytes: number): void {
    if (bytes > sentBytes) {
      this.#budget = { bytes: bytes - sentBytes, onSpent };
      return;
    }
    this.#budget = undefined;
    this.#isSpent = true;
    // When the write has reached the socket; a cut right now could still take the bytes back.
    setImmediate(() => {
      onSpent();
      this.#isSpent = false;
      this.#pump();
    });
  }
}

/** The first in line of those that may send now; else the one that may send soonest. */
function nextLane(
  lanes: ReadonlySet<Lane>,
  nowMs: number,
): { readonly lane: Lane; readonly dueAtMs: number } | undefined {
  let soonest: { readonly lane: Lane; readonly dueAtMs: number } | undefined;
  for (const lane of lanes) {
    const { dueAtMs } = lane;
    if (dueAtMs === undefined) continue;
    if (dueAtMs <= nowMs) return { lane, dueAtMs };
    if (soonest === undefined || dueAtMs < soonest.dueAtMs) soonest = { lane, dueAtMs };
  }
  return soonest;
}

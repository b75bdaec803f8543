import { describe, expect, test } from "vitest";
import {
  expiresAtMs,
  firstGrant,
  type GrantEffect,
  type GrantEvent,
  type GrantState,
  kindOf,
  type OpenOrder,
  step,
} from "./grant.ts";

const [TURN, OTHER] = ["a".repeat(32), "b".repeat(32)];
const ORDER: OpenOrder = { uttId: TURN, captureId: undefined, fromSample: undefined };

class Scene {
  state: GrantState;
  effects: readonly GrantEffect[] = [];

  constructor({ isPrivate = false, source = "microphone" }: Partial<Pick<GrantState, "isPrivate" | "source">> = {}) {
    this.state = firstGrant({ isPrivate, source });
  }

  on(event: GrantEvent): this {
    [this.state, this.effects] = step(this.state, event);
    return this;
  }

  open(atMs: number, order: Partial<OpenOrder> = {}): this {
    return this.on({ type: "opened", order: { ...ORDER, ...order }, ttlMs: 8_000, atMs });
  }

  get kind(): string {
    return kindOf(this.state);
  }
}

describe("a grant", () => {
  test("opens for its time and falls to armed", () => {
    const scene = new Scene().open(1_000);

    expect([scene.kind, scene.effects, expiresAtMs(scene.state)]).toEqual([
      "open",
      [{ do: "listen", order: ORDER }],
      9_000,
    ]);
    expect(scene.on({ type: "time_passed", atMs: 8_999 }).kind).toBe("open");
    expect(scene.on({ type: "time_passed", atMs: 9_000 }).kind).toBe("armed");
    expect(scene.effects).toEqual([{ do: "drop", reason: "dropped" }]);
  });

  test("never ends while somebody speaks or is transcribed, and ends right after it when its time was over", () => {
    const scene = new Scene().open(1_000).on({ type: "activity_changed", isBusy: true, atMs: 8_000 });

    expect([expiresAtMs(scene.state), scene.on({ type: "time_passed", atMs: 20_000 }).kind]).toEqual([
      undefined,
      "open",
    ]);
    expect(scene.on({ type: "activity_changed", isBusy: false, atMs: 20_100 }).kind).toBe("armed");
  });

  test("that was held for 12 s beyond its time ends with the utterance that holds it", () => {
    const held = new Scene().open(1_000).on({ type: "activity_changed", isBusy: true, atMs: 8_000 });

    expect(held.on({ type: "utterance_over", atMs: 20_999 }).kind).toBe("open");
    expect(held.on({ type: "utterance_over", atMs: 21_000 }).kind).toBe("armed");
    expect(held.effects).toEqual([{ do: "drop", reason: "dropped" }]);
  });

  test("given again to the same turn only lasts longer: what is being said goes on", () => {
    const scene = new Scene().open(1_000).open(5_000);

    expect([scene.effects, expiresAtMs(scene.state)]).toEqual([[], 13_000]);
  });

  test("given again from another sample, or to another turn, listens anew", () => {
    const scene = new Scene().open(1_000, { captureId: "c".repeat(16), fromSample: 100 });

    expect(scene.open(1_100, { captureId: "c".repeat(16), fromSample: 100 }).effects).toEqual([]);
    expect(scene.open(1_200, { captureId: "c".repeat(16), fromSample: 900 }).effects.map((each) => each.do)).toEqual([
      "listen",
    ]);
    expect(scene.open(1_300, { uttId: OTHER }).effects.map((each) => each.do)).toEqual(["listen"]);
  });

  test("lasts ten minutes at most, whatever is asked for", () => {
    const scene = new Scene().on({ type: "opened", order: ORDER, ttlMs: 1e12, atMs: 0 });

    expect(expiresAtMs(scene.state)).toBe(600_000);
  });

  test("armed with `finish` lets the running utterance end, without it drops it, twice is once", () => {
    const finished = new Scene().open(0).on({ type: "armed", finish: true, toSample: 7, atMs: 10 });
    expect([finished.kind, finished.effects]).toEqual(["armed", [{ do: "finish", toSample: 7 }]]);

    const dropped = new Scene().open(0).on({ type: "armed", finish: false, toSample: undefined, atMs: 10 });
    expect([dropped.kind, dropped.effects]).toEqual(["armed", [{ do: "drop", reason: "dropped" }]]);
    expect(dropped.on({ type: "armed", finish: false, toSample: undefined, atMs: 11 }).kind).toBe("armed");
  });

  test("falls to armed when the router is gone, and stays closed when it was closed", () => {
    expect(new Scene().open(0).on({ type: "router_lost", atMs: 1 }).kind).toBe("armed");
    expect(new Scene().on({ type: "closed", atMs: 0 }).on({ type: "router_lost", atMs: 1 }).kind).toBe("closed");
  });
});

describe("a cancelled turn", () => {
  test("loses its grant, and opens nothing for 120 s, also when the cancel came first", () => {
    const scene = new Scene().open(0).on({ type: "turn_cancelled", uttId: TURN, atMs: 10 });
    expect([scene.kind, scene.effects]).toEqual(["armed", [{ do: "drop_turn", uttId: TURN }]]);

    expect(scene.open(20).effects).toEqual([{ do: "refuse", order: ORDER, reason: "cancelled" }]);
    expect(scene.open(120_011).kind).toBe("open");
  });

  test("leaves the grant of another turn alone", () => {
    expect(new Scene().open(0).on({ type: "turn_cancelled", uttId: OTHER, atMs: 10 }).kind).toBe("open");
  });

  test("is one of 256 that are remembered", () => {
    const scene = new Scene();
    for (let id = 0; id < 1_000; id += 1) scene.on({ type: "turn_cancelled", uttId: String(id), atMs: 10 });

    expect(scene.state.cancelled.size).toBe(256);
  });
});

describe("privacy", () => {
  test("closes the grant of a microphone at once, and its end only arms", () => {
    const scene = new Scene().open(0).on({ type: "privacy_changed", isPrivate: true, atMs: 10 });
    expect([scene.kind, scene.effects]).toEqual(["closed", [{ do: "drop", reason: "privacy" }]]);

    expect(scene.open(20).effects).toEqual([{ do: "refuse", order: ORDER, reason: "privacy" }]);
    expect(scene.on({ type: "privacy_changed", isPrivate: false, atMs: 30 }).kind).toBe("armed");
  });

  test("is not undone by a lost router, an order or a time", () => {
    const scene = new Scene({ isPrivate: true });
    scene.on({ type: "router_lost", atMs: 1 }).on({ type: "armed", finish: false, toSample: undefined, atMs: 2 });

    expect(scene.on({ type: "time_passed", atMs: 1e9 }).kind).toBe("closed");
  });

  test("does not concern a file", () => {
    expect(new Scene({ isPrivate: true, source: "file" }).open(0).kind).toBe("open");
  });

  test("gives a source that nobody knows 2 s to show that it is a file", () => {
    const file = new Scene({ isPrivate: true, source: "unknown" }).open(0);
    expect([file.kind, expiresAtMs(file.state)]).toEqual(["open", 2_000]);
    file.on({ type: "source_changed", source: "file", atMs: 500 });
    expect([file.kind, expiresAtMs(file.state)]).toEqual(["open", 8_000]);

    const microphone = new Scene({ isPrivate: true, source: "unknown" }).open(0);
    microphone.on({ type: "source_changed", source: "microphone", atMs: 500 });
    expect([microphone.kind, microphone.effects.at(-1)]).toEqual([
      "closed",
      { do: "refuse", order: ORDER, reason: "privacy" },
    ]);

    const silent = new Scene({ isPrivate: true, source: "unknown" }).open(0).on({ type: "time_passed", atMs: 2_000 });
    expect([silent.kind, silent.effects.at(-1)?.do]).toEqual(["closed", "refuse"]);
  });
});

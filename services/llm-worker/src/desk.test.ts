import { describe, expect, it } from "vitest";
import {
  type Desk,
  type DeskEffect,
  type DeskEvent,
  type DeskLimits,
  dueAtMs,
  EMPTY_DESK,
  type News,
  step,
} from "./desk.ts";
import { type Asked, DEFAULT_LIMITS } from "./exchange.ts";

const LIMITS: DeskLimits = { runningMax: 2, waitingMax: 3, rememberMs: 120_000, exchange: DEFAULT_LIMITS };
type Happening = DeskEvent extends infer Each ? (Each extends unknown ? Omit<Each, "atMs"> : never) : never;

/** A desk played by hand. */
class Play {
  desk: Desk = EMPTY_DESK;
  nowMs = 0;
  readonly effects: DeskEffect[] = [];

  happen(happening: Happening): readonly string[] {
    const [next, effects] = step(this.desk, { ...happening, atMs: this.nowMs } as DeskEvent, LIMITS); // distributed over Omit and back
    this.desk = next;
    this.effects.push(...effects);
    return effects.map(short);
  }

  ask(id: string, siteId = "default"): readonly string[] {
    const asked: Asked = { id, siteId, question: `${id}?`, history: [], system: undefined, params: {} };
    return this.happen({ type: "asked", asked });
  }

  call(id: string, news: News): readonly string[] {
    return this.happen({ type: "called", id, news });
  }

  reachDeadline(): readonly string[] {
    const due = dueAtMs(this.desk, LIMITS);
    if (due === undefined) throw new Error("Nothing is awaited.");
    this.nowMs = due;
    return this.happen({ type: "time_passed" });
  }

  response(id: string): DeskEffect | undefined {
    return this.effects.find((effect) => effect.do === "respond" && effect.id === id);
  }
}

/** `stream a 1 thinking`, `respond a error llm_timeout`. */
function short(effect: DeskEffect): string {
  switch (effect.do) {
    case "call":
      return `call ${effect.asked.id}`;
    case "abort":
      return `abort ${effect.id}`;
    case "acknowledge":
      return `acknowledge ${effect.id} ${effect.wasActive ? "active" : "idle"}`;
    case "stream":
      return `stream ${effect.id} ${effect.seq} ${effect.isDone ? "done" : (effect.stage ?? effect.delta ?? "alive")}`;
    case "respond":
      return `respond ${effect.id} ${effect.outcome.kind === "error" ? effect.outcome.failure.code : effect.outcome.isCancelled ? "cancelled" : "reply"}`;
  }
}

describe("an exchange", () => {
  it("streams its text in numbered messages, then says done, then responds with the same text", () => {
    const play = new Play();

    expect(play.ask("a")).toEqual(["stream a 1 queued", "call a", "stream a 2 loading"]);
    play.nowMs = 250;
    expect(play.call("a", { type: "text", text: "It is " })).toEqual(["stream a 3 It is "]);
    expect(play.call("a", { type: "text", text: "late." })).toEqual(["stream a 4 late."]);
    play.nowMs = 400;
    expect(play.call("a", { type: "finished", usage: { total_tokens: 9 } })).toEqual([
      "stream a 5 done",
      "respond a reply",
    ]);
    expect(play.response("a")).toMatchObject({
      outcome: { text: "It is late.", usage: { total_tokens: 9 } },
      timing: { firstTokenMs: 250, totalMs: 400 },
    });
  });

  it("ends in an error with the text that came before it", () => {
    const play = new Play();
    play.ask("a");
    play.call("a", { type: "text", text: "It is " });

    const effects = play.call("a", { type: "broke", failure: { code: "llm_unreachable", message: "gone" } });

    expect(effects).toEqual(["stream a 4 done", "respond a llm_unreachable"]);
    expect(play.response("a")).toMatchObject({ outcome: { kind: "error", partial: "It is " } });
  });

  it("without any text is an error", () => {
    const play = new Play();
    play.ask("a");
    play.call("a", { type: "text", text: " " });

    expect(play.call("a", { type: "finished", usage: undefined })).toEqual(["stream a 4 done", "respond a llm_empty"]);
  });

  it("says that it lives at least every 5 s", () => {
    const play = new Play();
    play.ask("a");

    expect(play.reachDeadline()).toEqual(["stream a 3 loading"]);
    expect(play.nowMs).toBeLessThanOrEqual(5_000);
    play.call("a", { type: "text", text: "It is " });
    expect(play.reachDeadline()).toEqual(["stream a 5 alive"]);
  });

  it("waits 60 s for the first text of a cold model, and 15 s for that of a warm one", () => {
    const play = new Play();
    play.ask("a");
    while (play.response("a") === undefined) play.reachDeadline();
    expect(play.nowMs).toBe(60_000);

    play.ask("b");
    play.call("b", { type: "text", text: "Yes." });
    play.call("b", { type: "finished", usage: undefined });
    expect(play.ask("c")).toEqual(["stream c 1 queued", "call c", "stream c 2 thinking"]);
    while (play.response("c") === undefined) play.reachDeadline();
    expect(play.nowMs).toBe(75_000);
    expect(play.effects.slice(-3).map(short)).toEqual(["abort c", "stream c 6 done", "respond c llm_timeout"]);
  });

  it("must end within its deadline although its text goes on", () => {
    const play = new Play();
    play.ask("a");
    while (play.response("a") === undefined) {
      play.call("a", { type: "text", text: "more " });
      play.reachDeadline();
    }

    expect(play.nowMs).toBe(85_000);
    expect(play.response("a")).toMatchObject({ outcome: { failure: { code: "llm_timeout" } } });
  });
});

describe("a cancel", () => {
  it("aborts the call and responds with what there was", () => {
    const play = new Play();
    play.ask("a");
    play.call("a", { type: "text", text: "It is " });

    expect(play.happen({ type: "cancelled", id: "a" })).toEqual([
      "abort a",
      "stream a 4 done",
      "respond a cancelled",
      "acknowledge a active",
    ]);
    expect(play.response("a")).toMatchObject({ outcome: { text: "It is " } });
    expect(play.call("a", { type: "text", text: "late" })).toEqual([]);
    expect(play.call("a", { type: "broke", failure: { code: "x", message: "aborted" } })).toEqual([]);
  });

  it("is acknowledged when there is nothing to end, and drops the request that comes behind it", () => {
    const play = new Play();

    expect(play.happen({ type: "cancelled", id: "a" })).toEqual(["acknowledge a idle"]);
    play.nowMs = 119_999;
    expect(play.ask("a")).toEqual(["stream a 1 queued", "stream a 2 done", "respond a cancelled"]);
  });

  it("is forgotten after two minutes", () => {
    const play = new Play();
    play.happen({ type: "cancelled", id: "a" });
    play.nowMs = 120_000;

    expect(play.ask("a")).toContain("call a");
    play.happen({ type: "cancelled", id: "b" });
    expect([...play.desk.cancelled.keys()]).toEqual(["b"]);
  });
});

describe("the desk", () => {
  it("does not answer a request again that is delivered again", () => {
    const play = new Play();
    play.ask("a");

    expect(play.ask("a")).toEqual([]);
  });

  it("calls for no more than it may at a time, and for the site with the fewest calls next", () => {
    const play = new Play();
    play.ask("a", "kitchen");
    play.ask("b", "kitchen");
    expect(play.ask("c", "kitchen")).toEqual(["stream c 1 queued"]);
    expect(play.ask("d", "attic")).toEqual(["stream d 1 queued"]);

    expect(play.happen({ type: "cancelled", id: "a" })).toContain("call d");
    expect(play.call("b", { type: "broke", failure: { code: "x", message: "x" } })).toContain("call c");
  });

  it("refuses the request for which there is no room, in words", () => {
    const play = new Play();
    for (const id of ["a", "b", "c", "d", "e"]) play.ask(id);

    expect(play.ask("f")).toEqual(["stream f 1 queued", "stream f 2 done", "respond f llm_busy"]);
  });

  it("tells those that wait that they wait, and lets them run into their deadline", () => {
    const play = new Play();
    for (const id of ["a", "b", "c"]) play.ask(id);

    expect(play.reachDeadline()).toContain("stream c 2 queued");
  });

  it("ends everything when nobody waits for it any more", () => {
    const play = new Play();
    for (const id of ["a", "b", "c"]) play.ask(id);

    const effects = play.happen({ type: "abandoned" });

    expect(effects.filter((effect) => effect.startsWith("respond"))).toEqual([
      "respond a cancelled",
      "respond b cancelled",
      "respond c cancelled",
    ]);
    expect(dueAtMs(play.desk, LIMITS)).toBeUndefined();
  });
});

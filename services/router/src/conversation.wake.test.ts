import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { describeConversation } from "./description.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const ANSWER = { do: "answer", text: "It is late." } as const;
const CAPTURE = "0123456789abcdef";

describe("the wake phrase", () => {
  it("grants the microphone from its end, to a turn of its own", () => {
    const play = new Play();

    const uttId = play.call(32_000);

    expect(play.effects).toEqual([
      { do: "grant", uttId, grant: "open", captureId: CAPTURE, fromSample: 32_000, ttlMs: 8_000 },
    ]);
    expect(describeConversation(play.conversation, RULES)).toMatchObject({
      ...{ state: "listening", uttId, asks: [uttId], grant: "open", reason: "wake", dueAtMs: 8_000 },
    });
  });

  it("begins a turn that is answered, recorded and reported as one", () => {
    const play = new Play();
    const uttId = play.call(32_000);

    play.transcribe(uttId, "what time is it", ANSWER);
    play.sound(uttId, 0, "speaking_start");
    play.sound(uttId, 0, "speaking_end", 1);

    expect(play.finals(uttId)).toMatchObject([{ text: "It is late.", path: "intent" }]);
    expect(play.effects.find((effect) => effect.do === "record")).toMatchObject({ uttId, user: "what time is it" });
    expect(play.reports(uttId)).toMatchObject([{ origin: "wake", outcome: "answered" }]);
  });

  it("while the turn listens grants it again, from the end of the new phrase, with all of its time", () => {
    const play = new Play();
    const uttId = play.call(32_000);
    play.nowMs = 5_000;
    play.notice("speech");

    const again = play.happen({ type: "called", captureId: CAPTURE, fromSample: 90_000 });

    expect(again).toEqual([
      { do: "grant", uttId, grant: "open", captureId: CAPTURE, fromSample: 90_000, ttlMs: 8_000 },
    ]);
    play.refuse(uttId, "superseded");
    play.notice("idle");
    expect([play.state, dueAtMs(play.conversation, RULES)]).toEqual(["listening", 13_000]);
  });

  it("said into a released button opens the microphone again", () => {
    const play = new Play();
    play.listen("t1");
    play.happen({ type: "listen_stopped", toSample: 7 });

    play.call(9);

    expect(describeConversation(play.conversation, RULES)).toMatchObject({ uttId: "t1", grant: "open" });
  });

  it("while the robot thinks cancels that and listens to a new turn", () => {
    const play = new Play();
    play.ask("t1");

    const uttId = play.call(32_000);

    expect(play.effects.slice(1)).toMatchObject([
      { do: "cancel", uttId: "t1", reason: "superseded" },
      { do: "show", uttId: "t1", isFinal: true, path: "cancelled" },
      { do: "grant", uttId, grant: "open", fromSample: 32_000 },
    ]);
    expect(play.state).toBe("listening");
  });

  it("ends after 8 s without a word, and after 20 s in any case", () => {
    const quiet = new Play();
    const first = quiet.call();
    const loud = new Play();
    loud.call();
    loud.notice("speech");

    quiet.reachDeadline();
    loud.reachDeadline();

    expect([quiet.nowMs, loud.nowMs]).toEqual([8_000, 20_000]);
    expect(quiet.reports(first)).toMatchObject([{ outcome: "no_speech", origin: "wake" }]);
    expect([quiet.grant, loud.grant]).toEqual(["armed", "armed"]);
  });
});

describe("what was not understood", () => {
  it("is said once, and again only for a conversation that begins anew", () => {
    const play = new Play();
    const first = play.call();
    const said = play.refuse(first, "unclear");
    const second = play.call();

    const again = play.refuse(second, "unclear");

    expect(doing(said)).toEqual(["grant", "show", "say"]);
    expect(again).toEqual([]);
    expect([play.state, play.grant]).toEqual(["listening", "open"]);
    while (play.state !== "asleep") play.reachDeadline();
    expect(doing(play.refuse(play.call(), "unclear"))).toEqual(["grant", "show", "say"]);
  });

  it("is said again after something was understood", () => {
    const play = new Play();
    play.refuse(play.call(), "unclear");
    play.transcribe(play.call(), "why is the sky blue");

    const again = play.refuse(play.call(), "unclear");

    expect(doing(again)).toEqual(["grant", "show", "say"]);
  });

  it("is only shown the second time when the button was released over it", () => {
    const play = new Play();
    play.refuse(play.call(), "unclear");
    play.listen("t1");
    play.happen({ type: "listen_stopped", toSample: undefined });

    play.refuse("t1", "unclear");

    expect(play.effects.filter((effect) => effect.do === "say")).toHaveLength(1);
    expect(play.finals("t1")).toMatchObject([{ text: RULES.sentences.unclear, failure: { code: "unclear" } }]);
    expect(play.state).toBe("asleep");
  });
});

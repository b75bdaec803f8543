import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { interrupt, paused, speaking } from "./pause.fixture.ts";
import type { Plan } from "./plans.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const STOP: Plan = { do: "stop", text: "Stopped." };
const ANSWER: Plan = { do: "answer", text: "Two." };

describe("a pause", () => {
  it("in which nobody says anything ends after 2.5 s, and the speech goes on from where it was", () => {
    const play = speaking();
    play.nowMs = 400;
    paused(play);

    play.reachDeadline();
    const resumedAtMs = play.nowMs;
    play.sound("t1", 0, "resumed");

    expect([resumedAtMs, play.state]).toEqual([2_900, "speaking"]);
    // Half of a second is left, and 3 s of patience.
    expect(dueAtMs(play.conversation, RULES)).toBe(2_900 + 500 + RULES.speechOverrunMs);
  });

  it("is held while somebody speaks, for 15 s at most", () => {
    const play = speaking();
    paused(play);
    play.notice("speech");

    play.reachDeadline();

    expect([play.nowMs, play.state]).toEqual([15_000, "speaking"]);
  });

  it("holds back every deadline of the speech, and gives it time again afterwards", () => {
    const play = speaking();
    interrupt(play);
    play.sound("t1", 0, "paused", 1);
    play.sound("t1", 0, "speaking_end", 1);
    play.notice("speech");

    play.reachDeadline();

    expect([play.nowMs, play.state, play.reports("t1")]).toEqual([15_000, "speaking", []]);
    expect(dueAtMs(play.conversation, RULES)).toBe(15_000 + RULES.speechStartMs);
  });

  it("at the end of our speech is a follow-up, with the same grant and utterance", () => {
    const play = speaking();
    const uttId = paused(play);
    play.notice("speech");
    play.sound("t1", 0, "speaking_end", 1);
    play.nowMs = 900;

    const effects = play.sound("t1", 1, "speaking_end", 1);

    expect(doing(effects)).toEqual(["show", "record", "report", "grant"]);
    expect(effects.at(-1)).toEqual({
      ...{ do: "grant", uttId, grant: "open", captureId: "0123456789abcdef", fromSample: 5_000, ttlMs: 5_000 },
    });
    expect(play.state).toBe("followup");
    play.transcribe(uttId, "and two", ANSWER);
    expect(play.state).toBe("thinking");
  });

  it("that the loudspeaker reports never, because our speech came to its end, is a follow-up from the onset", () => {
    const play = speaking();
    play.sound("t1", 0, "speaking_end", 1);
    play.sound("t1", 1, "speaking_start");
    const uttId = interrupt(play);

    const effects = play.sound("t1", 1, "speaking_end", 1);

    expect(effects.at(-1)).toMatchObject({ do: "grant", uttId, grant: "open", fromSample: 5_000 });
    expect(play.state).toBe("followup");
  });

  it("is ended by a typed question, the button and a cancel, and its grant with it", () => {
    const [typed, button, cancelled] = [speaking(), speaking(), speaking()];
    for (const play of [typed, button, cancelled]) paused(play);

    typed.ask("t2", { localAnswer: "Yes." });
    button.listen("t2");
    cancelled.happen({ type: "cancelled", uttId: undefined, reason: "enough" });

    expect([typed.state, button.state, cancelled.state]).toEqual(["thinking", "listening", "asleep"]);
    expect([typed.grant, cancelled.grant]).toEqual(["armed", "armed"]);
    expect(typed.finals("t1")).toMatchObject([{ failure: { code: "superseded" } }]);
  });

  it("ends with its turn when the microphone is switched off", () => {
    const play = speaking();
    paused(play);

    const effects = play.change({ hearing: { activity: "idle", isPrivate: true } });

    expect(doing(effects)).toEqual(["grant", "cancel", "show"]);
    expect(play.finals("t1")).toMatchObject([{ failure: { code: "privacy" } }]);
    expect(play.state).toBe("asleep");
  });

  it("ends, and the speech goes on, when nobody recognises speech any more", () => {
    const play = speaking();
    paused(play);

    expect(doing(play.change({ ears: "down" }, ["ears"]))).toEqual(["grant", "resume"]);

    expect(play.state).toBe("speaking");
  });

  it("says its grant again when the broker is back", () => {
    const play = speaking();
    const uttId = paused(play);

    expect(play.happen({ type: "reconnected" })).toMatchObject([{ do: "grant", uttId, grant: "open" }]);
  });

  it("of an announcement is one too", () => {
    const play = new Play();
    play.announce("a1");
    play.sound("a1", 0, "speaking_start");
    const uttId = interrupt(play);
    play.sound("a1", 0, "paused", 0.5);

    play.transcribe(uttId, "stop", STOP);

    expect(play.state).toBe("asleep");
    play.happen({ type: "acknowledged", uttId: "a1", service: "tts-worker" });
    expect(play.reports("a1")).toMatchObject([{ outcome: "cancelled" }]);
  });
});

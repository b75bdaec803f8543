import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";
import { describeConversation } from "./description.ts";
import type { Plan } from "./plans.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";

const ANSWER: Plan = { do: "answer", text: "It is late." };
const STOP: Plan = { do: "stop", text: "Stopped." };
const LIVE: Plan = { do: "live", on: true, text: "Live mode is on." };
const NO_LIVE: Plan = { do: "live", on: false, text: "Live mode is off." };

/** A conversation that went live by a typed word, and listens. */
function live(): Play {
  const play = new Play();
  play.wish("t1", LIVE);
  play.speakOut("t1");
  return play;
}

/** Says something into the open microphone, and hears the answer. */
function say(play: Play, plan: Plan = ANSWER): void {
  const uttId = play.listenedTo;
  play.transcribe(uttId, "a question", plan);
  play.speakOut(uttId);
}

const shown = (play: Play) => describeConversation(play.conversation, RULES);

describe("live mode", () => {
  it("listens after its answer, also to who typed, for 5 min", () => {
    const play = live();

    expect(play.effects.at(-1)).toMatchObject({ do: "grant", grant: "open", ttlMs: 300_000 });
    expect(shown(play)).toMatchObject({ state: "followup", isLive: true, dueAtMs: 300_000 });
  });

  it("needs no wake phrase, however often somebody goes on", () => {
    const play = live();

    for (let count = 0; count < 10; count += 1) say(play);

    expect(play.state).toBe("followup");
  });

  it("listens again after an announcement, a written answer and an answer that was cancelled", () => {
    const [announced, written, cancelled] = [live(), live(), live()];

    announced.announce("a1");
    announced.speakOut("a1");
    written.ask("t2", { speak: "auto" });
    written.fail("t2", "llm_failed");
    written.speakOut("t2");
    cancelled.ask("t2");
    cancelled.happen({ type: "cancelled", uttId: "t2", reason: "changed my mind" });

    expect([announced.state, written.state, cancelled.state]).toEqual(["followup", "followup", "followup"]);
  });

  it("ends 5 min after the last word that was understood", () => {
    const play = live();
    play.nowMs = 200_000;
    say(play);
    play.nowMs = 400_000;
    play.refuse(play.listenedTo, "noise");

    while (shown(play).isLive) play.reachDeadline();

    expect(play.nowMs).toBe(500_000);
    expect([play.state, play.grant]).toEqual(["asleep", "armed"]);
  });

  it.each([
    ["the word for it", NO_LIVE],
    ["a word of the stop class", STOP],
  ])("is ended by %s", (_what, plan) => {
    const play = live();

    const uttId = play.listenedTo;
    play.transcribe(uttId, "enough", plan);

    expect(shown(play).isLive).toBe(false);
  });

  it("is ended by a cancel of the site and by privacy, and privacy's end opens nothing", () => {
    const [cancelled, quiet] = [live(), live()];

    cancelled.happen({ type: "cancelled", uttId: undefined, reason: "stop everything" });
    quiet.change({ hearing: { activity: "idle", isPrivate: true } });
    quiet.change({ hearing: { activity: "idle", isPrivate: false } });

    for (const play of [cancelled, quiet]) {
      expect(shown(play)).toMatchObject({ state: "asleep", isLive: false, grant: "armed" });
    }
  });

  it("waits for a recogniser that went away, and listens when it is back", () => {
    const play = live();

    play.change({ ears: "down" }, ["ears"]);
    const without = play.state;
    const effects = play.change({ ears: "up" });

    expect(without).toBe("asleep");
    expect(doing(effects)).toEqual(["grant"]);
    expect(play.state).toBe("followup");
  });

  it("is left for a new turn by the wake phrase, and goes on after it", () => {
    const play = live();

    const uttId = play.call(7);
    play.transcribe(uttId, "a question", ANSWER);
    play.speakOut(uttId);

    expect(shown(play)).toMatchObject({ state: "followup", isLive: true });
  });
});

import { describe, expect, it } from "vitest";
import { doing, Play } from "./conversation.fixture.ts";

const REPEAT = { do: "repeat", otherwise: "I have not said anything yet." } as const;
const louder = (byRatio: number) =>
  ({ do: "volume", order: { kind: "change", byRatio }, text: "Volume {volume} percent." }) as const;

function speakOut(play: Play, uttId: string): void {
  play.sound(uttId, 0, "speaking_start");
  play.sound(uttId, 0, "speaking_end", 1);
}

describe("repeat that", () => {
  it("says the last answer of the site once more, and once more again", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });
    speakOut(play, "t1");

    play.wish("t2", REPEAT);
    speakOut(play, "t2");
    play.wish("t3", REPEAT);
    speakOut(play, "t3");

    expect(play.finals("t3")).toMatchObject([{ text: "It is late.", path: "intent" }]);
  });

  it("repeats an announcement too, and nothing that failed or was cut off", () => {
    const play = new Play();
    play.announce("t1", "Dinner is ready.");
    speakOut(play, "t1");
    play.ask("t2");
    play.fail("t2", "llm_failed");
    play.listen("t3");
    play.happen({ type: "listen_dropped" });

    play.wish("t4", REPEAT, { speak: "no" });

    expect(play.finals("t4")).toMatchObject([{ text: "Dinner is ready." }]);
  });

  it("says so when there is nothing to repeat", () => {
    const play = new Play();

    play.wish("t1", REPEAT, { speak: "no" });

    expect(play.finals("t1")).toMatchObject([{ text: "I have not said anything yet." }]);
  });
});

describe("the volume", () => {
  it("grows from what the loudspeaker last told, before the answer is spoken", () => {
    const play = new Play({ volumeRatio: 0.5 });

    const effects = play.wish("t1", louder(0.2));

    expect(effects).toMatchObject([
      { do: "adjust", order: { kind: "volume", ratio: 0.7 } },
      { do: "show", text: "Volume 70 percent." },
      { do: "say", text: "Volume 70 percent." },
    ]);
  });

  it("goes on from its own last order, and ends at nothing and at full", () => {
    const play = new Play();

    play.wish("t1", louder(-0.2), { speak: "no" });
    play.wish("t2", louder(-0.2), { speak: "no" });
    play.wish("t3", louder(-0.9), { speak: "no" });
    play.wish("t4", { do: "volume", order: { kind: "set", ratio: 0.9 }, text: "{volume}" }, { speak: "no" });
    play.wish("t5", louder(0.2), { speak: "no" });

    const ratios = play.effects
      .filter((effect) => effect.do === "adjust")
      .map(({ order }) => "ratio" in order && order.ratio);
    expect(ratios).toEqual([0.8, 0.6, 0, 0.9, 1]);
  });

  it("muted is answered in writing, and unmuted aloud, without waiting for the loudspeaker's word", () => {
    const play = new Play();

    const muted = play.wish("t1", { do: "volume", order: { kind: "mute" }, text: "Muted." });
    const unmuted = play.wish("t2", { do: "volume", order: { kind: "unmute" }, text: "I can be heard again." });

    expect(doing(muted)).toEqual(["adjust", "show", "record", "report"]);
    expect(doing(unmuted)).toEqual(["adjust", "show", "say"]);
  });
});

describe("stop", () => {
  it("ends all that runs and waits at the site, and says nothing", () => {
    const play = new Play();
    play.ask("t1");
    play.ask("t2", { speak: "no" });
    play.announce("t3");

    const effects = play.wish("t4", { do: "stop", text: "Stopped." }, { speak: "no", text: "stop" });

    expect(doing(effects)).not.toContain("say");
    expect([play.finals("t1"), play.finals("t2")]).toMatchObject([[{ path: "cancelled" }], [{ path: "cancelled" }]]);
    expect(play.reports("t3")).toMatchObject([{ outcome: "cancelled" }]);
    expect(play.finals("t4")).toMatchObject([{ text: "Stopped.", path: "intent" }]);
    expect(play.reports("t4")).toMatchObject([{ outcome: "answered" }]);
    expect(play.state).toBe("asleep");
  });

  it("spoken ends the turn that heard it without a word", () => {
    const play = new Play();
    play.listen("t1");

    const effects = play.transcribe("t1", "stop", { do: "stop", text: "Stopped." });

    expect(doing(effects)).toEqual(["grant", "show", "report"]);
    expect(play.state).toBe("asleep");
  });
});

describe("an intent for the model", () => {
  it("is asked with its hint", () => {
    const play = new Play();

    expect(play.wish("t1", { do: "ask_model", hint: "The person agrees." }, { text: "yes" })).toMatchObject([
      { do: "ask_model", question: "yes", hint: "The person agrees." },
    ]);
  });
});

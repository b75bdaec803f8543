import { describe, expect, it } from "vitest";
import { Play } from "./conversation.fixture.ts";
import type { Plan } from "./plans.ts";

const ANSWER: Plan = { do: "answer", text: "It is late." };

describe("no follow-up opens", () => {
  it("after a typed question", () => {
    const play = new Play();
    play.ask("t1", { localAnswer: "It is late." });

    play.speakOut("t1");

    expect(play.state).toBe("asleep");
  });

  it("after an answer that was only written", () => {
    const play = new Play({ loudspeaker: "down" });

    const uttId = play.call();
    play.transcribe(uttId, "a question", ANSWER);

    expect([play.state, play.grant]).toEqual(["asleep", "armed"]);
  });

  it("after an announcement", () => {
    const play = new Play();
    play.announce("a1");

    play.speakOut("a1");

    expect(play.state).toBe("asleep");
  });

  it("after a turn whose button was held down while its words were said", () => {
    const play = new Play();
    play.listen("t1");
    play.happen({ type: "listen_stopped", toSample: undefined });
    play.transcribe("t1", "a question", ANSWER);

    play.speakOut("t1");

    expect(play.state).toBe("asleep");
  });

  it("while the microphone is off, or nobody recognises speech", () => {
    const plays = [new Play(), new Play()];
    const states = plays.map((play, at) => {
      const uttId = play.call();
      play.transcribe(uttId, "a question", ANSWER);
      play.change(at === 0 ? { hearing: { activity: "idle", isPrivate: true } } : { ears: "down" });
      play.speakOut(uttId);
      return play.state;
    });

    expect(states).toEqual(["asleep", "asleep"]);
  });

  it("when an announcement waits", () => {
    const play = new Play();
    const uttId = play.call();
    play.transcribe(uttId, "a question", ANSWER);
    play.announce("a1");

    play.speakOut(uttId);

    expect([play.state, play.grant]).toEqual(["speaking", "armed"]);
  });
});

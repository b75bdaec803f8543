import { describe, expect, it } from "vitest";
import { asMessages, type History, type PastTurn, remember } from "./history.ts";

const BOUNDS = { turnsMax: 3, charsMax: 40 };
const turn = (uttId: string, heard = "fine"): PastTurn => ({ uttId, user: `q${uttId}`, heard, interrupted: false });

describe("the history of a site", () => {
  it("keeps the newest turns, oldest first", () => {
    const history = ["1", "2", "3", "4"].reduce<History>((all, id) => remember(all, turn(id), BOUNDS), []);

    expect(history.map(({ uttId }) => uttId)).toEqual(["2", "3", "4"]);
  });

  it("forgets the oldest turns when they are too long together", () => {
    const history = ["1", "2"].reduce<History>((all, id) => remember(all, turn(id, "x".repeat(25)), BOUNDS), []);

    expect(history.map(({ uttId }) => uttId)).toEqual(["2"]);
  });

  it("replaces what it knew of a turn when more becomes known", () => {
    const history = remember([turn("1", "all of it"), turn("2")], turn("1", "all"), BOUNDS);

    expect(history.map(({ heard }) => heard)).toEqual(["all", "fine"]);
  });

  it("tells the model what was heard, and where it was interrupted", () => {
    const history: History = [turn("1"), { ...turn("2", "It is"), interrupted: true }];

    expect(asMessages(history)).toEqual([
      { role: "user", content: "q1" },
      { role: "assistant", content: "fine" },
      { role: "user", content: "q2" },
      { role: "assistant", content: "It is … (interrupted here)" },
    ]);
  });

  it("tells nothing of an answer that nobody heard", () => {
    expect(asMessages([turn("1", "")])).toEqual([{ role: "user", content: "q1" }]);
  });
});

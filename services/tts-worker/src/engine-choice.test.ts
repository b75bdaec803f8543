import { EngineError, ProgramError } from "@ts-tars/audio";
import { manualClock } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import { EngineChoice, type EngineChoiceDeps } from "./engine-choice.ts";
import { HealthBook, NO_LOG, openFakeEngine } from "./stage.fixture.ts";

const MISSING = new EngineError("There is no espeak-ng.", { remedy: "Install it: sudo apt install espeak-ng" });

function openStage(overrides: Partial<EngineChoiceDeps> = {}) {
  const [espeak, flite, silent] = [
    openFakeEngine("espeak-ng", { langs: ["en", "de"] }),
    openFakeEngine("flite"),
    openFakeEngine("silent"),
  ];
  const [clock, health] = [manualClock(), new HealthBook()];
  const changes: string[] = [];
  const choice: EngineChoice = new EngineChoice({
    ...{ engines: [espeak, flite], spare: silent, lang: "en", clock, health, log: NO_LOG },
    onChange: () => changes.push(choice.current?.name ?? "none"),
    ...overrides,
  });
  return { espeak, flite, silent, clock, health, choice, changes };
}

describe("the choice of the engine", () => {
  test("takes the best one that works", async () => {
    const { choice, health } = openStage();

    await choice.look();

    expect(choice.engineFor("en").name).toBe("espeak-ng");
    expect(health.lacks.size).toBe(0);
  });

  test("takes the next one when the best is missing, and complains of nothing", async () => {
    const { choice, espeak, health } = openStage();
    espeak.lack = MISSING;

    await choice.look();

    expect(choice.engineFor("en").name).toBe("flite");
    expect(health.lacks.size).toBe(0);
  });

  test("keeps time when none works, says which line helps, and finds one that is installed later without a restart", async () => {
    const { choice, espeak, flite, health, clock, changes } = openStage();
    espeak.lack = MISSING;
    flite.lack = new EngineError("There is no flite.", { remedy: "Install it." });

    await choice.look();
    expect(choice.engineFor("en").name).toBe("silent");
    expect(health.lacks.get("engine")).toBe("There is no espeak-ng. Install it: sudo apt install espeak-ng");
    espeak.lack = undefined;
    await clock.advance(10_000);

    expect(choice.engineFor("en").name).toBe("espeak-ng");
    expect(health.lacks.size).toBe(0);
    expect(changes).toEqual(["silent", "espeak-ng"]);
    expect(clock.pendingCount).toBe(0);
  });

  test("fails with the cause when the one that was chosen is missing and nothing takes its place", async () => {
    const stage = openStage({ spare: undefined });
    stage.espeak.lack = MISSING;
    stage.flite.lack = MISSING;

    await stage.choice.look();

    expect(() => stage.choice.engineFor("en")).toThrow("There is no espeak-ng.");
    expect(stage.choice.current).toBeUndefined();
  });

  test("takes for each sentence the engine that speaks its language", async () => {
    const { choice, espeak } = openStage();
    await choice.look();
    expect(choice.engineFor("de").name).toBe("espeak-ng");

    espeak.lack = MISSING;
    await choice.look();

    expect(() => choice.engineFor("de")).toThrow('No speech engine here speaks "de".');
    expect(choice.engineFor("en").name).toBe("flite");
  });

  test("says that nobody speaks the language of the house, in place of noise", async () => {
    const { choice, health } = openStage({ lang: "xx" });

    await choice.look();

    expect(health.lacks.get("engine")).toContain('No speech engine here speaks "xx".');
    expect(() => choice.engineFor("xx")).toThrow('No speech engine here speaks "xx".');
  });

  test("tells a fault until a sentence succeeds", async () => {
    const { choice, health } = openStage();
    await choice.look();

    choice.failed(new EngineError("espeak-ng hangs.", { remedy: "Wait." }));
    expect(health.lacks.get("engine")).toBe("espeak-ng hangs. Wait.");
    choice.worked();

    expect(health.lacks.size).toBe(0);
  });

  test("goes on with another engine when one was uninstalled", async () => {
    const { choice, espeak, clock } = openStage();
    await choice.look();
    const gone = { program: "espeak-ng", reason: "not_found", remedy: "Install it." } as const;
    espeak.lack = new ProgramError("There is no espeak-ng.", gone);

    choice.failed(espeak.lack);
    await clock.advance(0);

    expect(choice.engineFor("en").name).toBe("flite");
  });

  test("looks no more when it is closed", async () => {
    const { choice, espeak, flite, clock } = openStage();
    espeak.lack = MISSING;
    flite.lack = MISSING;
    await choice.look();

    choice.close();

    expect(clock.pendingCount).toBe(0);
  });
});

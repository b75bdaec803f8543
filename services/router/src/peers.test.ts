import { describe, expect, it } from "vitest";
import {
  isOtherAwake,
  NO_WORKERS,
  peersOf,
  seeHearing,
  seeWorker,
  type WorkerSign,
  waitForWorkers,
  workersDueAtMs,
} from "./peers.ts";

const SIGN: WorkerSign = { ok: true, boot: "b1", session: "s1", mutedSites: ["attic"], volumeRatio: 0.4 };
const ALL = (["model", "loudspeaker", "ears"] as const).reduce(
  (workers, part) => seeWorker(workers, { part, instance: part, sign: SIGN, atMs: 0 })[0],
  NO_WORKERS,
);
const spoken = { siteId: "default", isOpen: true, boot: "b1", activity: "speech", isPrivate: true } as const;

describe("the workers as a site sees them", () => {
  it("are there, with the loudspeaker's volume at the default site, and its mute at the others", () => {
    expect(peersOf(ALL, "default")).toMatchObject({ model: "up", loudspeaker: "up", ears: "up", volumeRatio: 0.4 });
    expect(peersOf(ALL, "attic")).toMatchObject({ loudspeaker: "muted", volumeRatio: undefined });
  });

  it("hear what the living stt-worker says of the site, and nothing of another process or site", () => {
    const hearing = { activity: "speech", isPrivate: true };
    const unknown = { activity: "idle", isPrivate: undefined };

    expect(peersOf(seeHearing(ALL, spoken), "default").hearing).toEqual(hearing);
    expect(peersOf(seeHearing(ALL, spoken), "attic").hearing).toEqual(unknown);
    expect(peersOf(seeHearing(ALL, { ...spoken, boot: "b0" }), "default").hearing).toEqual(unknown);
    expect(peersOf(seeHearing(NO_WORKERS, spoken), "default").hearing).toEqual(unknown);
  });

  it("keep what was heard before the health of its process came", () => {
    const early = seeHearing(NO_WORKERS, spoken);

    const [known] = seeWorker(early, { part: "ears", instance: "ears", sign: SIGN, atMs: 1 });

    expect(peersOf(known, "default").hearing.activity).toBe("speech");
  });

  it("lose what they had in hand when they are gone for 3 s, each by itself", () => {
    const [missing] = seeWorker(ALL, { part: "ears", instance: "ears", sign: { ...SIGN, ok: false }, atMs: 100 });
    expect(workersDueAtMs(missing)).toBe(3_100);

    const [gone, lost] = waitForWorkers(missing, 3_100);

    expect(lost.map(({ part }) => part)).toEqual(["ears"]);
    expect(peersOf(gone, "default")).toMatchObject({ ears: "down", model: "up" });
  });

  it("may hear at another site what one heard, where that is open and not private", () => {
    const open = { ...spoken, siteId: "attic", isPrivate: false };

    const others = [open, { ...open, isOpen: false }, { ...open, isPrivate: true }, { ...open, boot: "b0" }];

    expect(others.map((sign) => isOtherAwake(seeHearing(ALL, sign), "default"))).toEqual([true, false, false, false]);
    expect(isOtherAwake(seeHearing(ALL, open), "attic")).toBe(false);
  });

  it("are remembered at 64 sites at most", () => {
    let workers = ALL;
    for (let index = 0; index < 100; index += 1) workers = seeHearing(workers, { ...spoken, siteId: `s${index}` });

    expect(workers.hearings).toHaveLength(64);
    expect(peersOf(workers, "s99").hearing.activity).toBe("speech");
  });
});

describe("the replicas of the model", () => {
  const seen = (workers: typeof ALL, instance: string, sign: Partial<WorkerSign> = {}) =>
    seeWorker(workers, { part: "model", instance, sign: { ...SIGN, ...sign }, atMs: 0 });

  it("are one model, which is there while one of them is, and each is lost by itself", () => {
    const [both] = seen(seen(NO_WORKERS, "llm-worker.1")[0], "llm-worker.2");
    const [missing] = seen(both, "llm-worker.1", { ok: false });

    const [left, lost] = waitForWorkers(missing, 3_000);

    expect(lost).toEqual([{ part: "model", instance: "llm-worker.1" }]);
    expect(peersOf(left, "default")).toMatchObject({ model: "up", models: ["llm-worker.2"] });
    expect(peersOf(seen(left, "llm-worker.2", { ok: false })[0], "default").model).toBe("up");
    expect(peersOf(waitForWorkers(seen(left, "llm-worker.2", { ok: false })[0], 3_000)[0], "default").model).toBe(
      "down",
    );
  });

  it("are not mistaken for each other: another boot of one is nothing to the other", () => {
    const [both] = seen(seen(NO_WORKERS, "llm-worker.1")[0], "llm-worker.2", { boot: "b2" });

    expect(seen(both, "llm-worker.2", { boot: "b2" })[1]).toEqual([]);
    expect(seen(both, "llm-worker.1", { boot: "b3" })[1]).toEqual([{ part: "model", instance: "llm-worker.1" }]);
  });
});

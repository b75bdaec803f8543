import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { joined, quiet, speak } from "./speech.fixture.ts";
import { openStage, PATIENT, type Stage } from "./stage.fixture.ts";

/** The decoders' processes: children of this one that run the engine's entry. */
function decoderPids(): readonly number[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return ""; // it has ended meanwhile
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(pid, "stat").split(") ")[1]?.split(" ")[1] === String(process.pid))
    .filter((pid) => read(pid, "cmdline").includes("pocketsphinx-engine"))
    .map(Number);
}

async function askAgain(stage: Stage): Promise<void> {
  const again = stage.room();
  await again.open();
  await again.play(joined(quiet(300), await speak("what time is it", "awb"), quiet(900)));

  expect(await again.outcome()).toMatchObject({ type: "final", data: { text: "what time is it" } });
}

test.for<["SIGKILL" | "SIGSTOP", string]>([
  ["SIGKILL", "ended by SIGKILL"],
  ["SIGSTOP", "did not answer"],
])(
  "a recogniser that gets %s in the middle of a sentence fails it in words, is named, and is replaced",
  async ([signal, words]) => {
    await using stage = await openStage();
    const room = stage.room();
    await room.open({ ttl_ms: 60_000 });
    const sentence = await speak("could you explain how a rocket engine works and why it does not burn", "rms");
    const playing = room.play(joined(quiet(300), sentence, quiet(400), sentence));
    await room.said.until(({ type }) => type === "partial", PATIENT);
    const pids = decoderPids();
    expect(pids.length).toBe(1);

    for (const pid of pids) process.kill(pid, signal);
    expect(await room.outcome()).toMatchObject({
      type: "refused",
      data: {
        utt_id: room.uttId,
        reason: expect.stringMatching(/^engine_(failed|timeout)$/),
        detail: expect.stringContaining(words),
      },
    });
    await stage.healths.until(({ degraded = [] }) => degraded.some((line) => line.includes("pocketsphinx")), PATIENT);
    await askAgain(stage);
    await stage.healths.untilAll((seen) => seen.at(-1)?.event === "ready", PATIENT);
    await playing;
  },
);

test("a broker killed in the middle of an utterance leaves it with one end, and the next question is understood", async () => {
  await using stage = await openStage({ persistence: true });
  const room = stage.room();
  await room.open({ ttl_ms: 60_000 });
  const playing = room.play(
    joined(quiet(300), await speak("could you explain how a rocket engine works", "rms"), quiet(300)),
  );
  await room.said.until(({ type }) => type === "partial", PATIENT);

  await stage.broker.restart({ how: "kill" });
  // What was heard until the cut is one utterance, whose source fell silent or went on; it is told when the broker is back.
  const outcome = await room.outcome();
  expect(["final", "refused"]).toContain(outcome.type);
  expect(outcome.data.utt_id).toBe(room.uttId);
  await playing;
  await askAgain(stage);
});

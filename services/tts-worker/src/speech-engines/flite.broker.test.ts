import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseWav, readProgram } from "@ts-tars/audio";
import { manualClock, until, within } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { collected, describeSpeechEngine, describeVoices } from "../speech-engine.conformance.ts";
import { openFakeProgram } from "./fake-program.fixture.ts";
import { FLITE_VOICES, openFlite } from "./flite.ts";
import { withoutLeadIn } from "./lead-in.ts";

const SETTINGS = { clock: SYSTEM_CLOCK, voice: "slt" } as const;
const open = () => openFlite(SETTINGS);
const OPTIONS = { voice: undefined, lang: "en", signal: new AbortController().signal };

describeSpeechEngine("flite", open);

describe("the voices of flite", () => {
  describeVoices(open, { otherVoice: "rms" });

  test.each(FLITE_VOICES)("are all there, at 16 000 Hz (%s)", async (voice) => {
    const { pcm } = await open().synthesize("It is late.", { ...OPTIONS, voice });

    expect((await collected(pcm)).length).toBeGreaterThan(8_000);
  });
});

describe("flite", () => {
  test("is heard from its first audible sample on, and sample by sample as it speaks", async () => {
    const text = "What time is it?";
    const { pcm } = await open().synthesize(text, OPTIONS);

    expect(await collected(pcm)).toEqual(withoutLeadIn(await fliteItself(text)));
  });

  test("that is not installed is told with the line that installs it", async () => {
    const engine = openFlite({ ...SETTINGS, program: "/nowhere/flite" });

    await expect(engine.check()).rejects.toMatchObject({ reason: "not_found" });
  });

  test("that hangs is given up", async () => {
    await using program = await openFakeProgram("flite");
    await program.write("kill -STOP $$");
    const clock = manualClock();
    const engine = openFlite({ ...SETTINGS, clock, program: program.path });

    const spoken = expect(engine.synthesize("It is late.", OPTIONS)).rejects.toThrow("flite hangs");
    await until(() => clock.pendingCount > 0);
    await clock.advance(3_000);

    await within(10_000, spoken);
  });

  test("that dies is told with its last words", async () => {
    await using program = await openFakeProgram("flite");
    await program.write('echo "no memory" >&2; exit 1');
    const engine = openFlite({ ...SETTINGS, program: program.path });

    await expect(engine.synthesize("It is late.", OPTIONS)).rejects.toThrow("flite broke off: no memory");
  });
});

async function fliteItself(text: string): Promise<Int16Array> {
  const folder = await mkdtemp(join(tmpdir(), "flite-"));
  try {
    const file = join(folder, "a.wav");
    const { signal } = new AbortController();
    await readProgram({ command: ["flite", "-voice", "slt", "-t", text, "-o", file], timeoutMs: 10_000, signal });
    return parseWav(await readFile(file)).pcm;
  } finally {
    await rm(folder, { recursive: true });
  }
}

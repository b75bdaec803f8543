import { manualClock, until, within } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { collected, describeSpeechEngine, describeVoices } from "../speech-engine.conformance.ts";
import { openEspeakNg } from "./espeak-ng.ts";
import { openFakeProgram } from "./fake-program.fixture.ts";

const SETTINGS = { clock: SYSTEM_CLOCK, englishVoice: "en-us+klatt2", wordsPerMin: 140 };
const open = () => openEspeakNg(SETTINGS);
const OPTIONS = { voice: undefined, lang: "en", signal: new AbortController().signal };

describeSpeechEngine("espeak-ng", open);

describe("the voices of espeak-ng", () => {
  describeVoices(open, { otherVoice: "en-gb" });

  test.each(["de", "de-AT", "pt_BR.UTF-8"])("speak the language that is asked for (%s)", async (lang) => {
    const engine = open();
    await engine.check();
    const text = "Guten Morgen, bom dia.";

    const spoken = await collected((await engine.synthesize(text, { ...OPTIONS, lang })).pcm);

    expect(spoken).not.toEqual(await collected((await engine.synthesize(text, OPTIONS)).pcm));
  });
});

describe("espeak-ng", () => {
  test("streams: a long text has sounded for a while before it is all made", async () => {
    const sound = await open().synthesize("This goes on and on. ".repeat(400), OPTIONS);
    const pieces = sound.pcm[Symbol.asyncIterator]();

    const { value } = await pieces.next();

    expect(value?.length).toBeLessThan(16_000 * 10);
    await pieces.return?.();
  });

  test("speaks faster when it is told to", async () => {
    const fast = openEspeakNg({ ...SETTINGS, wordsPerMin: 280 });
    const text = "It is late, and I have said so several times already.";

    const [slowly, quickly] = await Promise.all(
      [open(), fast].map(async (engine) => collected((await engine.synthesize(text, OPTIONS)).pcm)),
    );

    expect(quickly?.length).toBeLessThan((slowly?.length ?? 0) * 0.7);
  });

  test("that is not installed is told with the line that installs it", async () => {
    const engine = openEspeakNg({ ...SETTINGS, program: "/nowhere/espeak-ng" });

    await expect(engine.check()).rejects.toMatchObject({ reason: "not_found" });
    await expect(engine.synthesize("It is late.", OPTIONS)).rejects.toMatchObject({ reason: "not_found" });
  });

  test("that hangs before its first sound is given up, and ended", async () => {
    await using program = await openFakeProgram("espeak-ng");
    const pidFile = `${program.folder}/pid`;
    await program.write(`echo $$ >${pidFile}; kill -STOP $$`);
    const clock = manualClock();
    const engine = openEspeakNg({ ...SETTINGS, clock, program: program.path });

    const spoken = expect(engine.synthesize("It is late.", OPTIONS)).rejects.toMatchObject({
      code: "AUDIO_ENGINE",
      message: "espeak-ng hangs: it gave no sound for 2.5 s.",
    });
    await until(() => clock.pendingCount > 0);
    await clock.advance(2_500);

    await within(10_000, spoken);
  });

  test("that hangs in the middle ends the sound with that cause", async () => {
    await using program = await openFakeProgram("espeak-ng");
    await program.write(`/usr/bin/espeak-ng "$@" | head -c 40000; kill -STOP $$`);
    const engine = openEspeakNg({ ...SETTINGS, program: program.path });

    const { pcm } = await engine.synthesize("This goes on and on.", OPTIONS);

    await expect(collected(pcm)).rejects.toThrow("espeak-ng hangs");
  });

  test("that dies in the middle ends the sound with its last words", async () => {
    await using program = await openFakeProgram("espeak-ng");
    await program.write(`/usr/bin/espeak-ng "$@" | head -c 40000; echo "out of voices" >&2; exit 3`);
    const engine = openEspeakNg({ ...SETTINGS, program: program.path });

    const { pcm } = await engine.synthesize("This goes on and on.", OPTIONS);

    await expect(collected(pcm)).rejects.toMatchObject({
      code: "AUDIO_ENGINE",
      message: "espeak-ng broke off: out of voices",
    });
  });
});

import { AudioError, type LoopVerdict, openDeviceSink, openDeviceSource } from "@ts-tars/audio";
import { loadConfigFile, SYSTEM_CLOCK } from "@ts-tars/service";
import { type LevelVerdict, levelBar } from "../audio-test/level-verdict.ts";
import { type AudioTestResult, runAudioTest } from "../audio-test/run-audio-test.ts";
import { paintFor } from "../colour.ts";
import { allDefinitions } from "../config/all-definitions.ts";
import { type ChosenDevices, chosenDevices } from "../config/chosen-devices.ts";
import { viewSettings } from "../config/settings-view.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";

/**
 * Tries this machine's microphone and loudspeaker, and the way between them. Whoever types it allows the microphone for as long as it
 * takes; a robot that runs need not be asked.
 */
export async function audioTest(context: Context, { json }: CommonOptions): Promise<ExitCode> {
  const { microphone, loudspeaker } = await devicesOf(context);
  const sink = openDeviceSink({ clock: SYSTEM_CLOCK, ...loudspeaker });
  const paint = paintFor(context);
  const say = (line: string): void => {
    if (json !== true) sayLine(context, line);
  };
  try {
    const result = await runAudioTest({
      source: openDeviceSource({ clock: SYSTEM_CLOCK, ...microphone }),
      sink,
      say,
      onLevel: (levelDb) => say(paint.dim(`  ${levelBar(levelDb)}`)),
      stop: context.stop,
    });
    context.stop.throwIfAborted();
    if (json === true) sayJson(context, { ok: isGood(result), ...result });
    for (const line of linesOf(result)) say(line);
    return isGood(result) ? EXIT.ok : EXIT.failed;
  } catch (error) {
    // What could not be opened is the answer to the question, not a fault of the command.
    if (!(error instanceof AudioError)) throw error;
    if (json === true)
      sayJson(context, { ok: false, error: { code: error.code, message: error.message, remedy: error.remedy } });
    say(`${paint.red("✗")} ${error.message}\n  ${paint.cyan(`→ ${error.remedy}`)}`);
    return EXIT.failed;
  } finally {
    await sink.close();
  }
}

/** Those that the services would use. */
async function devicesOf({ env, readText }: Context): Promise<ChosenDevices> {
  return chosenDevices(
    viewSettings(await allDefinitions(), { env, readText, file: loadConfigFile(env).file }).settings,
  );
}

const isGood = ({ level, loop }: AudioTestResult): boolean => level.kind === "good" && loop.kind === "heard";

function linesOf({ level, loop }: AudioTestResult): readonly string[] {
  return [...levelLines(level), ...loopLines(loop)];
}

function levelLines({ kind, peakDb, remedy }: LevelVerdict): readonly string[] {
  const what = { good: "hears well", silent: "hears nothing", quiet: "is very quiet", clipping: "is cut off" }[kind];
  return [`${kind === "good" ? "✓" : "✗"} microphone  ${what} (${peakDb.toFixed(0)} dB)`, ...remedyLine(remedy)];
}

function loopLines(loop: LoopVerdict): readonly string[] {
  if (loop.kind === "unheard") {
    const remedy =
      "If you heard the tone, the microphone is muted, too far away, or cancels the echo by itself (that is fine). If not: is it the " +
      "right output? Sound often goes to HDMI; choose another in your system's settings, or with TTS_DEVICE.";
    return ["– loop        the microphone did not hear the loudspeaker", ...remedyLine(remedy)];
  }
  const { delayMs, echoDb, likeness } = loop;
  const figures = `${delayMs.toFixed(0)} ms later, ${echoDb.toFixed(0)} dB, likeness ${likeness.toFixed(2)}`;
  return [`✓ loop        the microphone heard the loudspeaker (${figures})`];
}

const remedyLine = (remedy: string | undefined): readonly string[] =>
  remedy === undefined ? [] : [`              → ${remedy}`];

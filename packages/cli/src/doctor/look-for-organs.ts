import { access } from "node:fs/promises";
import { join } from "node:path";
import { AudioError, findDevicePlayer, findMicrophone, findProgram, searchPath } from "@ts-tars/audio";
import { chosenDevices } from "../config/chosen-devices.ts";
import type { SettingsView } from "../config/settings-view.ts";
import type { OrganFacts } from "./findings.ts";

type Found = OrganFacts["found"];

/** Looks for what the robot hears and speaks with; opens no microphone and makes no sound. */
export async function lookForOrgans(
  settings: SettingsView["settings"],
  stop: AbortSignal,
): Promise<readonly OrganFacts[]> {
  const chosen = (variable: string): string | undefined => settings.find((one) => one.variable === variable)?.value;
  const devices = chosenDevices(settings);
  const [microphone, loudspeaker, recogniser, voice] = await Promise.all([
    tried(() => findMicrophone(devices.microphone, stop)),
    tried(() => findDevicePlayer(devices.loudspeaker)),
    lookForRecogniser(chosen("STT_MODEL_DIR") ?? ""),
    lookForVoice(),
  ]);
  return [
    { organ: "microphone", service: "stt-worker", found: microphone },
    { organ: "recogniser", service: "stt-worker", found: recogniser },
    { organ: "voice", service: "tts-worker", found: voice },
    { organ: "loudspeaker", service: "tts-worker", found: loudspeaker },
  ];
}

async function tried(find: () => Promise<string>): Promise<Found> {
  try {
    return { ok: true, what: await find() };
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    return { ok: false, problem: error.message, remedy: error.remedy };
  }
}

/** The library is loaded by stt-worker, which tells more; its programs and its model come in the same packages. */
async function lookForRecogniser(modelDir: string): Promise<Found> {
  const programs = await Promise.all(
    ["pocketsphinx_continuous", "pocketsphinx"].map((name) => findProgram(name, searchPath())),
  );
  const hasModel = await isReadable(join(modelDir, "en-us.lm.bin"));
  if (hasModel && programs.some((program) => program !== undefined))
    return { ok: true, what: `PocketSphinx, ${modelDir}` };
  const remedy = "sudo apt-get install -y pocketsphinx pocketsphinx-en-us";
  return { ok: false, problem: "No speech recogniser is installed: typed questions work, spoken ones do not.", remedy };
}

async function lookForVoice(): Promise<Found> {
  for (const engine of ["espeak-ng", "flite"]) {
    if ((await findProgram(engine, searchPath())) !== undefined) return { ok: true, what: engine };
  }
  const remedy = "sudo apt-get install -y espeak-ng";
  return { ok: false, problem: "No speech engine is installed: answers are written, not spoken.", remedy };
}

async function isReadable(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

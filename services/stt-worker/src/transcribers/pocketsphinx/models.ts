import { statSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "@ts-tars/audio";

/** The files that a decoder reads. */
export interface Models {
  /** The acoustic model, a folder. */
  readonly hmm: string;
  readonly dict: string;
  readonly lm: string;
}

/** The files under `modelDir`, all there. @throws {EngineError} which names the one that is missing. */
export function findModels(modelDir: string): Models {
  const models = {
    hmm: join(modelDir, "en-us"),
    dict: join(modelDir, "cmudict-en-us.dict"),
    lm: join(modelDir, "en-us.lm.bin"),
  };
  const missing = Object.values(models).find((path) => statSync(path, { throwIfNoEntry: false }) === undefined);
  if (missing === undefined) return models;
  throw new EngineError(`The speech model ${missing} is not there.`, {
    remedy: "Install it: sudo apt-get install -y pocketsphinx-en-us, or set STT_MODEL_DIR to the folder that holds it.",
  });
}

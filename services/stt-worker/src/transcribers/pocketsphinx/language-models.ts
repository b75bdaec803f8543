/** Two language models as one, through koffi: the one of open speech, and the one of what people say to the robot. */
import type koffi from "koffi";

type Library = ReturnType<typeof koffi.load>;
type Handle = unknown;

/** Which functions a version of PocketSphinx has for it. */
export interface LanguageModelNames {
  /** The library of PocketSphinx. */
  readonly decoder: Library;
  /** The library that holds the language models. */
  readonly models: Library;
  /** Takes a model as a search of a decoder. */
  readonly add: "ps_set_lm" | "ps_add_lm";
}

/** What a mixed model is made of, and how the search over it is called. */
export interface Mixture {
  readonly search: string;
  /** Files in any format that the library reads, each with its share; the shares sum to 1. */
  readonly parts: readonly { readonly path: string; readonly share: number }[];
}

/** Makes a search over a mixture of language models; false when one of them cannot be read. */
export type AddMixture = (decoder: Handle, mixture: Mixture) => boolean;

/** The library tells the format by itself. */
const ANY_FORMAT = 0;

export function bindLanguageModels({ decoder, models, add }: LanguageModelNames): AddMixture {
  const configOf: (handle: Handle) => Handle = decoder.func("void *ps_get_config(void *decoder)");
  const logMathOf: (handle: Handle) => Handle = decoder.func("void *ps_get_logmath(void *decoder)");
  const addModel: (handle: Handle, name: string, model: Handle) => number = decoder.func(
    `int ${add}(void *decoder, const char *name, void *model)`,
  );
  const read: (config: Handle, path: string, format: number, ...logMath: [Handle]) => Handle = models.func(
    "void *ngram_model_read(void *config, const char *path, int format, void *logmath)",
  );
  const join: (config: Handle, parts: Handle[], names: string[], ...rest: [Float32Array, number]) => Handle =
    models.func(
      "void *ngram_model_set_init(void *config, void **parts, const char **names, const float *shares, int32_t count)",
    );
  const mix: (set: Handle, names: string[], shares: Float32Array) => Handle = models.func(
    "void *ngram_model_set_interp(void *set, const char **names, const float *shares)",
  );
  const free: (model: Handle) => number = models.func("int ngram_model_free(void *model)");
  return (handle, { search, parts }) => {
    const config = configOf(handle);
    const opened = parts.map(({ path }) => read(config, path, ANY_FORMAT, logMathOf(handle)));
    if (opened.includes(null)) {
      for (const model of opened) if (model !== null) free(model);
      return false;
    }
    const names = parts.map((_, index) => `part${index}`);
    const shares = Float32Array.from(parts.map(({ share }) => share));
    // The set owns its parts from here on, the decoder the set.
    const set = join(config, opened, names, shares, parts.length);
    mix(set, names, shares);
    const isTaken = addModel(handle, search, set) === 0;
    free(set);
    return isTaken;
  };
}

/**
 * The functions of PocketSphinx that we call, through koffi. Only in the engine's own process: a fault in native code ends it.
 *
 * Debian, Ubuntu and Raspberry Pi OS have 5prealpha (`libpocketsphinx.so.3` beside `libsphinxbase.so.3`); PocketSphinx 5 has one
 * library, `ps_config_*` instead of `cmd_ln_*`, and `ps_add_*` instead of `ps_set_*`.
 */
import { EngineError } from "@ts-tars/audio";
import koffi from "koffi";
import { type AddMixture, bindLanguageModels } from "./language-models.ts";

/** A pointer to something of the library's. */
type Handle = unknown;
/** Where the library writes a number. */
type Out = [number];

/** Options without their dash, as both versions know them. */
export type NativeOptions = Readonly<Record<string, string>>;

/** The part that is the same in both versions. */
export interface Native {
  readonly version: "5prealpha" | "5";
  /** null when the options are wrong or a model cannot be read. */
  readonly open: (options: NativeOptions) => Handle;
  readonly setGrammar: (decoder: Handle, name: string, jsgf: string) => number;
  readonly useSearch: (decoder: Handle, name: string) => number;
  readonly addMixture: AddMixture;
  readonly free: (decoder: Handle) => number;
  readonly startUtterance: (decoder: Handle) => number;
  readonly endUtterance: (decoder: Handle) => number;
  /** How many frames of 10 ms were searched; less than 0 is an error. */
  readonly process: (decoder: Handle, pcm: Int16Array, ...more: [count: number, noSearch: 0, isWhole: 0]) => number;
  readonly hypothesis: (decoder: Handle, score: Out) => string | null;
  readonly addWord: (decoder: Handle, word: string, ...more: [phones: string, update: 0 | 1]) => number;
  readonly lookUp: (decoder: Handle, word: string) => string | null;
  readonly firstSegment: (decoder: Handle) => Handle;
  readonly nextSegment: (segment: Handle) => Handle;
  readonly segmentWord: (segment: Handle) => string;
  readonly segmentFrames: (segment: Handle, start: Out, end: Out) => void;
  /** Writes how well its sound fits, what the language model adds, and which of its orders did; returns nothing of use. */
  readonly segmentScores: (segment: Handle, ...scores: [acoustic: Out, language: Out, order: Out]) => number;
}

const NEW_NAMES = ["libpocketsphinx.so.5", "libpocketsphinx.so"];

/** @throws {EngineError} when neither version is installed. */
export function loadPocketSphinx(): Native {
  const prealpha = tryLoad("libpocketsphinx.so.3");
  if (prealpha !== undefined) return bindPrealpha(prealpha);
  for (const name of NEW_NAMES) {
    const five = tryLoad(name);
    if (five !== undefined) return bindFive(five);
  }
  throw new EngineError("The library libpocketsphinx is not installed.", {
    remedy: "Install it: sudo apt-get install -y pocketsphinx pocketsphinx-en-us",
  });
}

type Library = ReturnType<typeof koffi.load>;

/** The reason of a failure is a sentence of the system's loader; which name is missing is all that it tells. */
function tryLoad(name: string): Library | undefined {
  try {
    return koffi.load(name);
  } catch {
    return undefined;
  }
}

function bindPrealpha(library: Library): Native {
  const base = koffi.load("libsphinxbase.so.3");
  const definitions: () => Handle = library.func("void *ps_args()");
  const parse: (...args: [null, Handle, number, readonly string[], number]) => Handle = base.func(
    "void *cmd_ln_parse_r(void *inout, void *definitions, int32_t count, const char **arguments, int32_t strict)",
  );
  const init: (config: Handle) => Handle = library.func("void *ps_init(void *config)");
  return {
    ...bindCommon(library),
    version: "5prealpha",
    open: (options) => {
      // The first argument is skipped, as a program's name.
      const words = Object.entries({ ...options, logfn: "/dev/null" }).flatMap(([key, value]) => [`-${key}`, value]);
      const config = parse(null, definitions(), words.length + 1, ["stt-worker", ...words], 1);
      return config === null ? null : init(config);
    },
    setGrammar: library.func("int ps_set_jsgf_string(void *decoder, const char *name, const char *jsgf)"),
    useSearch: library.func("int ps_set_search(void *decoder, const char *name)"),
    addMixture: bindLanguageModels({ decoder: library, models: base, add: "ps_set_lm" }),
  };
}

/** Written after the header of PocketSphinx 5.0.2; no distribution that we test on has it. */
function bindFive(library: Library): Native {
  const create: (definitions: null) => Handle = library.func("void *ps_config_init(void *definitions)");
  const set: (config: Handle, name: string, value: string) => Handle = library.func(
    "void *ps_config_set_str(void *config, const char *name, const char *value)",
  );
  const init: (config: Handle) => Handle = library.func("void *ps_init(void *config)");
  return {
    ...bindCommon(library),
    version: "5",
    open: (options) => {
      const config = create(null);
      if (config === null) return null;
      // A text is turned into what the parameter is; null says that there is no such parameter.
      const isKnown = Object.entries({ ...options, loglevel: "FATAL" }).every(
        ([name, value]) => set(config, name, value) !== null,
      );
      return isKnown ? init(config) : null;
    },
    setGrammar: library.func("int ps_add_jsgf_string(void *decoder, const char *name, const char *jsgf)"),
    useSearch: library.func("int ps_activate_search(void *decoder, const char *name)"),
    addMixture: bindLanguageModels({ decoder: library, models: library, add: "ps_add_lm" }),
  };
}

function bindCommon(library: Library): Omit<Native, "version" | "open" | "setGrammar" | "useSearch" | "addMixture"> {
  const ownedText = koffi.disposable(null, "str"); // allocated for us, freed when it is read
  return {
    free: library.func("int ps_free(void *decoder)"),
    startUtterance: library.func("int ps_start_utt(void *decoder)"),
    endUtterance: library.func("int ps_end_utt(void *decoder)"),
    process: library.func(
      "int ps_process_raw(void *decoder, const int16_t *data, size_t count, int noSearch, int whole)",
    ),
    hypothesis: library.func("const char *ps_get_hyp(void *decoder, _Out_ int32_t *score)"),
    addWord: library.func("int ps_add_word(void *decoder, const char *word, const char *phones, int update)"),
    lookUp: library.func("ps_lookup_word", ownedText, ["void *", "const char *"]),
    firstSegment: library.func("void *ps_seg_iter(void *decoder)"),
    nextSegment: library.func("void *ps_seg_next(void *segment)"),
    segmentWord: library.func("const char *ps_seg_word(void *segment)"),
    segmentFrames: library.func("void ps_seg_frames(void *segment, _Out_ int *start, _Out_ int *end)"),
    segmentScores: library.func(
      "int ps_seg_prob(void *segment, _Out_ int32_t *acoustic, _Out_ int32_t *language, _Out_ int32_t *order)",
    ),
  };
}

/** Why an engine is down, and how that is told. Pure. */
import { EngineError } from "../errors.ts";

/** What happened to an engine. */
export type EngineTrouble =
  /** Its process ended: `how` is "with exit code 1" or "by SIGSEGV". */
  | { readonly kind: "ended"; readonly how: string }
  /** It owed an answer for so long. */
  | { readonly kind: "hung"; readonly afterMs: number }
  /** It was neither up nor refused to be after so long. */
  | { readonly kind: "start_hung"; readonly afterMs: number }
  /** It says itself that it cannot start: a library, a model, a setting. */
  | { readonly kind: "refused"; readonly message: string; readonly remedy: string | undefined }
  /** An order made it fail. */
  | { readonly kind: "broke"; readonly message: string; readonly remedy: string | undefined }
  /** Its owner wanted a fresh one. */
  | { readonly kind: "restarted"; readonly reason: string };

/** What an error message has room for. */
const QUOTED_LINES = 3;

const AGAIN = "It is started again by itself; if this goes on, look at the memory of this machine and at the log.";

/** The trouble of the engine `name` as the error its owner is told. */
export function engineError(
  name: string,
  { trouble, lastLines }: { readonly trouble: EngineTrouble; readonly lastLines: readonly string[] },
): EngineError {
  const { message, remedy, isExplained } = inWords(trouble);
  const quoted =
    isExplained || lastLines.length === 0 ? "" : ` It said last: ${lastLines.slice(-QUOTED_LINES).join(" · ")}`;
  return new EngineError(`The engine "${name}" ${message}${quoted}`, { remedy });
}

interface Words {
  readonly message: string;
  readonly remedy: string;
  /** The engine's own words say more than what its libraries wrote beside them. */
  readonly isExplained: boolean;
}

function inWords(trouble: EngineTrouble): Words {
  switch (trouble.kind) {
    case "ended":
      return { message: `ended ${trouble.how}.`, remedy: AGAIN, isExplained: false };
    case "hung":
      return { message: `did not answer for ${trouble.afterMs} ms and was ended.`, remedy: AGAIN, isExplained: false };
    case "start_hung":
      return { message: `was not up after ${trouble.afterMs} ms and was ended.`, remedy: AGAIN, isExplained: false };
    case "refused":
      return {
        message: `cannot start: ${trouble.message}`,
        remedy: trouble.remedy ?? "See to what the message names; it is tried again every 10 s.",
        isExplained: true,
      };
    case "broke":
      return { message: `broke: ${trouble.message}`, remedy: trouble.remedy ?? AGAIN, isExplained: true };
    case "restarted":
      return { message: `is started afresh: ${trouble.reason}`, remedy: AGAIN, isExplained: true };
  }
}

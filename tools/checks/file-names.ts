/** A file is one idea, named after it, in kebab-case. */
import { posix } from "node:path";
import type { Finding } from "./finding.ts";
import type { World } from "./world.ts";

const RULE = "file-names";

/** Names that say where code was put and not what it is. */
const EMPTY_NAMES = new Set("utils util helpers helper common misc types constants manager base".split(" "));

/** Words that make any name empty: `string-utils`, `session-manager`. */
const EMPTY_ENDINGS = /-(utils?|helpers?|misc|manager)$/;

/** Every source file whose name is empty or not kebab-case. */
export function checkFileNames({ sources }: World): readonly Finding[] {
  return sources.flatMap(({ path }) => {
    const message = objection(posix.basename(path));
    return message === undefined ? [] : [{ path, line: 1, rule: RULE, message }];
  });
}

function objection(file: string): string | undefined {
  const [stem = ""] = file.split(".");
  if (EMPTY_NAMES.has(stem) || EMPTY_ENDINGS.test(stem)) {
    return `"${stem}" does not name an idea; name the file after its main export.`;
  }
  return /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx|mts|mjs)$/.test(file)
    ? undefined
    : "file names are kebab-case.";
}

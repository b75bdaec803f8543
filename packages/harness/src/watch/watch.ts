/** Looks for planted texts in everything that it is shown, and counts what it was shown. */
import { isSecretMeant } from "./exceptions.ts";
import { SECRET_CORE, WORDS_CORE } from "./planted.ts";
import { renderingsOf } from "./renderings.ts";
import { type Leak, NO_SIGHTS, type Sight, type SightCounts } from "./sight.ts";

/** What was found, and how much was looked at. */
export interface WatchReport {
  readonly counts: SightCounts;
  readonly leaks: readonly Leak[];
}

/** Bounded: it keeps the lines of one test file, and nothing else that it is shown. */
export interface Watch {
  lookAt(sight: Sight): void;
  /** A secret that no test made, such as a password that `tars up` drew: looked for from now on, and in what was kept. */
  learn(secret: string, name: string): void;
  /** Since the last call. */
  take(): WatchReport;
}

/** Characters of lines that are kept for secrets learnt later; a robot's output of some minutes is far below. */
const KEPT_CHARACTERS = 4_000_000;

/** A watch that has seen nothing. */
export function createWatch(): Watch {
  let counts = { ...NO_SIGHTS };
  let leaks: Leak[] = [];
  let kept: Sight[] = [];
  let keptCharacters = 0;
  const learnt: Needle[] = [];

  const keep = (sight: Sight): void => {
    kept.push(sight);
    keptCharacters += sight.text.length;
    while (keptCharacters > KEPT_CHARACTERS) keptCharacters -= kept.shift()?.text.length ?? 0;
  };
  const report = ({ planted, marker }: Needle, { kind, where, text }: Sight): void => {
    const frame = kind === "error" ? (/ (at [^(]*\([^)]*\))/u.exec(text)?.[0] ?? "") : "";
    leaks.push({ planted, kind, where: `${where}${frame}`, marker });
  };
  return {
    lookAt: (sight) => {
      counts[sight.kind] += 1;
      if (sight.kind === "line") keep(sight);
      for (const needle of [SECRET, WORDS, ...learnt]) if (isLeak(needle, sight)) report(needle, sight);
    },
    learn: (secret, name) => {
      const marker = `${name}, ${secret.length} characters`;
      const needle: Needle = { planted: "secret", marker, renderings: renderingsOf(secret) };
      if (learnt.some(({ renderings }) => renderings[0] === secret)) return;
      learnt.push(needle);
      for (const sight of kept) if (isLeak(needle, sight)) report(needle, sight);
    },
    take: () => {
      const taken = { counts, leaks };
      counts = { ...NO_SIGHTS };
      leaks = [];
      kept = [];
      keptCharacters = 0;
      return taken;
    },
  };
}

interface Needle {
  readonly planted: Leak["planted"];
  readonly marker: string;
  readonly renderings: readonly string[];
}

const SECRET: Needle = { planted: "secret", marker: SECRET_CORE, renderings: renderingsOf(SECRET_CORE) };
const WORDS: Needle = { planted: "words", marker: WORDS_CORE, renderings: renderingsOf(WORDS_CORE) };

function isLeak({ planted, renderings }: Needle, sight: Sight): boolean {
  if (planted === "words" && !isForNobodysWords(sight)) return false;
  if (!renderings.some((rendering) => sight.text.includes(rendering))) return false;
  return planted === "words" || !isSecretMeant(sight);
}

/**
 * What people say is on the bus for whoever may hear it, and on the terminal of whoever asked. It is not kept by the broker,
 * and not in a log unless the log is at debug (`createLog`).
 */
function isForNobodysWords({ kind, text, isAtDebug }: Sight): boolean {
  if (kind === "retained") return true;
  return kind === "line" && isAtDebug !== true && /^\{.*"level":"(?:info|warn|error|fatal)"/u.test(text);
}

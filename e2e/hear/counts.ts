/** How much is spoken in a run. Pure. */
export interface HearCounts {
  readonly commands: number;
  readonly noise: number;
  readonly questions: number;
  /** At most; each trap is spoken by every voice. */
  readonly traps: number;
  readonly answers: number;
}

export const FULL_COUNTS: HearCounts = { commands: 180, noise: 180, questions: 90, traps: 1_000, answers: 12 };
export const TENTH_COUNTS: HearCounts = { commands: 18, noise: 0, questions: 9, traps: 10, answers: 2 };

/** Only one part of it. @throws {RangeError} when there is no such part. */
export function only(counts: HearCounts, part: string | undefined): HearCounts {
  if (part === undefined) return counts;
  const nothing = { commands: 0, noise: 0, questions: 0, traps: 0, answers: 0 };
  switch (part) {
    case "commands":
    case "noise":
    case "questions":
    case "traps":
      return { ...nothing, [part]: counts[part] };
    case "sound":
      return { ...nothing, answers: counts.answers };
    default:
      throw new RangeError(`--only takes commands, noise, questions, traps or sound, not "${part}".`);
  }
}

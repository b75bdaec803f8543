/** What was said at one site, as far as it was heard. Pure; bounded in turns and in characters. */

/** One turn that is over. */
export interface PastTurn {
  readonly uttId: string;
  readonly user: string;
  /** What the person heard or read of the answer. */
  readonly heard: string;
  readonly interrupted: boolean;
}

/** Oldest first. */
export type History = readonly PastTurn[];

/** How much is kept. */
export interface HistoryBounds {
  readonly turnsMax: number;
  readonly charsMax: number;
}

/** One message as the model reads it. */
export interface Message {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** The history with this turn; what was known of the same turn before is replaced in its place. */
export function remember(history: History, turn: PastTurn, { turnsMax, charsMax }: HistoryBounds): History {
  const isKnown = history.some(({ uttId }) => uttId === turn.uttId);
  const longer = isKnown ? history.map((past) => (past.uttId === turn.uttId ? turn : past)) : [...history, turn];
  let chars = 0;
  const kept = longer.toReversed().filter((past, age) => {
    chars += past.user.length + past.heard.length;
    return age < turnsMax && chars <= charsMax;
  });
  return kept.toReversed();
}

/** What the model is told of it; the question being asked is not in it. Of an answer nobody heard nothing is told. */
export function asMessages(history: History): readonly Message[] {
  return history.flatMap(({ user, heard, interrupted }): readonly Message[] => {
    if (heard === "") return [{ role: "user", content: user }];
    const content = interrupted ? `${heard} … (interrupted here)` : heard;
    return [
      { role: "user", content: user },
      { role: "assistant", content },
    ];
  });
}

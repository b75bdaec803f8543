/** What is remembered from turn to turn while somebody talks with the robot. Pure. */
import type { Rules } from "./rules.ts";

export interface Exchange {
  /** What was not understood is said once. */
  readonly isUnclearSaid: boolean;
  /** Follow-ups in a row, since the wake phrase or the talk button. */
  readonly followupCount: number;
  /** How loud the utterance was that began it, dB below full scale; undefined when that is not known. */
  readonly levelDb: number | undefined;
  /** Who holds the talk button down while speaking says when to listen, and is not listened to without it. */
  readonly isHandsFree: boolean;
}

/** Nobody has said anything yet. */
export const NEW_EXCHANGE: Exchange = {
  ...{ isUnclearSaid: false, followupCount: 0, levelDb: undefined, isHandsFree: true },
};

/** Somebody called the robot, or pressed the button, in the middle of it. */
export function calledAgain(exchange: Exchange): Exchange {
  return { ...NEW_EXCHANGE, isUnclearSaid: exchange.isUnclearSaid };
}

/** Somebody was understood who spoke so loud. */
export function understood(exchange: Exchange, levelDb: number | undefined): Exchange {
  return { ...exchange, isUnclearSaid: false, levelDb: exchange.levelDb ?? levelDb };
}

/** What was heard was not understood. */
export function notUnderstood(exchange: Exchange): Exchange {
  return { ...exchange, isUnclearSaid: true };
}

/** Whether it may be the same person at the same place, and not the television. */
export function isSameSpeaker(exchange: Exchange, levelDb: number | undefined, { sameSpeakerDb }: Rules): boolean {
  if (exchange.levelDb === undefined || levelDb === undefined) return true;
  return Math.abs(levelDb - exchange.levelDb) <= sameSpeakerDb;
}

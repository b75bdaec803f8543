/** How a turn begins to be worked on, spoken or only shown. Pure. */
import type { Conversation, Step } from "./conversation-state.ts";
import { chain, place } from "./endings.ts";
import type { Peers } from "./peers.ts";
import { type Beginning, beginRun, type Context, type Start } from "./run.ts";
import { giveUp, SILENT, type Speech } from "./speech.ts";
import type { Failure, Turn } from "./turn.ts";

/** A turn that comes again after this many others is taken for a new one. */
const SEEN_MAX = 1_024;

const ALOUD: Speech = { kind: "aloud", sentences: [], freeSinceMs: 0 };
const NO_LOUDSPEAKER: Failure = { code: "tts_unavailable", message: "tts-worker is not running." };

/** The conversation that knows the turn. */
export function see(conversation: Conversation, uttId: string): Conversation {
  return { ...conversation, seen: [...conversation.seen, uttId].slice(-SEEN_MAX) };
}

/** `auto` speaks where a loudspeaker is known to work; `yes` tries, and says why when it cannot. */
export function voice(speak: "auto" | "yes" | "no", { loudspeaker }: Peers): Speech {
  if (speak === "no") return SILENT;
  if (loudspeaker === "up") return ALOUD;
  if (speak === "auto") return SILENT;
  return loudspeaker === "down" ? giveUp(NO_LOUDSPEAKER) : ALOUD;
}

/** Of an announcement, which is for the ear. */
export function announcingVoice({ loudspeaker }: Peers): Speech {
  return loudspeaker === "down" ? giveUp(NO_LOUDSPEAKER) : ALOUD;
}

export interface Opening extends Start {
  readonly turn: Turn;
  /** Beside the conversation, whatever that is at. */
  readonly isBeside?: boolean;
}

export function begin(
  conversation: Conversation,
  { turn, isBeside = false, ...start }: Opening,
  context: Context,
): Step {
  const [run, effects] = beginRun(turn, start, context);
  const opened = isBeside ? { ...conversation, beside: [...conversation.beside, run] } : conversation;
  return chain([opened, effects], (open) => place(open, run, context));
}

/** A turn that cannot be worked on, and why. */
export function impossible(code: string, message: string): Beginning {
  return { kind: "impossible", failure: { code, message } };
}

/** The words of an announcement. */
export function spokenWords({ text }: Turn): Beginning {
  return { kind: "known", text, path: "intent" };
}

/** How the robot falls silent for who speaks into its speech, and listens. Pure. */
import type { Activity, Conversation, Step } from "./conversation-state.ts";
import { calledAgain } from "./exchange.ts";
import type { Pause } from "./pause.ts";
import type { Context } from "./run.ts";
import { isSilent } from "./speech.ts";
import type { Effect } from "./turn.ts";
import { closeGrant, openGrant, openWindow, type SoundPosition } from "./window.ts";

/** Who spoke, and where that begins. */
export interface Interruption {
  readonly by: Pause["by"];
  readonly position: SoundPosition;
}

/** Somebody speaks into our speech, or already into the pause: then what is said now counts, if it can be told where it begins. */
export function interrupt(conversation: Conversation, interruption: Interruption, context: Context): Step {
  const { activity, peers } = conversation;
  const { by, position } = interruption;
  if (activity.kind !== "speaking" && activity.kind !== "paused") return [conversation, []];
  const known = activity.kind === "paused" ? activity.pause : undefined;
  if (known !== undefined && by !== "phrase" && !(by === "level" && known.by === "loudspeaker"))
    return [conversation, []];
  const uttId = known?.window.uttId ?? context.newUttId;
  const window = openWindow({ uttId, ...position }, { atMs: context.atMs, hearing: peers.hearing });
  const pause: Pause = { window, by, hold: known?.hold ?? { kind: "awaited", ordered: "nothing" } };
  const paused: Conversation = {
    ...conversation,
    activity: { kind: "paused", run: activity.run, pause },
    reason: by === "loudspeaker" ? "paused" : "interrupt",
    exchange: by === "phrase" ? calledAgain(conversation.exchange) : conversation.exchange,
  };
  return pause.hold.kind === "silent" ? listenInPause(paused, pause, context) : listenIfSilent(paused, context);
}

/** Opens the microphone as soon as the loudspeaker is known to be silent. */
export function listenIfSilent(conversation: Conversation, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "paused" || activity.pause.hold.kind === "silent" || !isSilent(activity.run.speech))
    return [conversation, []];
  return listenInPause(conversation, { ...activity.pause, hold: { kind: "silent" } }, context);
}

function listenInPause(conversation: Conversation, pause: Pause, context: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "paused") return [conversation, []];
  const { window } = pause;
  const { quietMs } = context.rules.pause;
  return [
    { ...conversation, activity: { ...activity, pause }, lastListened: window.uttId },
    [openGrant(window, { quietMs, ...context })],
  ];
}

/** What ends the grant of a pause that is left. */
export function closeEar(activity: Activity): readonly Effect[] {
  const isOpen = activity.kind === "paused" && activity.pause.hold.kind === "silent";
  return isOpen ? [closeGrant(activity.pause.window.uttId)] : [];
}

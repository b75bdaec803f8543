/** What moves a turn on: the model's text, the loudspeaker's news, acknowledgements, lost workers, time. Pure. */
import { alarmSounded, lapseAlarm } from "./alarming.ts";
import { breakOff, isAbandoned, readResponse, readStream } from "./answering.ts";
import type { Conversation, EventOf, Step } from "./conversation-state.ts";
import { activeRunOf, runsOf } from "./conversation-state.ts";
import { earsChanged } from "./ears.ts";
import { type Cut, chain, cutActivity, cutShort, findRun, place, settle } from "./endings.ts";
import { lapseFollowup } from "./following.ts";
import { lapseListening } from "./hearing.ts";
import { interrupt } from "./pausing.ts";
import { lapsePause } from "./resuming.ts";
import { advance, type Context, lapseText, markStage, type Progress, type Run } from "./run.ts";
import { endCurrent, giveUp, hear, isOver, lapse, speechDueAtMs } from "./speech.ts";
import type { Failure } from "./turn.ts";
import { FROM_NOW } from "./window.ts";

/** Of a turn that a timer did not wait for any longer. */
const RUNG_OUT: Cut = {
  outcome: "cancelled",
  failure: { code: "timer", message: "A timer was due." },
  isTold: false,
};

/** Puts a run that moved on back. */
function moved(conversation: Conversation, [run, effects]: Progress, context: Context): Step {
  return chain([conversation, effects], (next) => place(next, run, context));
}

export function streamed(
  conversation: Conversation,
  { uttId, message, atMs }: EventOf<"streamed">,
  context: Context,
): Step {
  const run = findRun(conversation, uttId);
  if (run === undefined) return [conversation, []];
  const timed = message.delta === "" ? run : markStage(run, "first_token", { atMs });
  return moved(conversation, advance(timed, readStream(run.answering, { ...message, atMs }), context), context);
}

export function responded(conversation: Conversation, event: EventOf<"responded">, context: Context): Step {
  const { uttId, response, isCancelled, firstTokenMs: tookMs } = event;
  const run = findRun(conversation, uttId);
  if (run === undefined) return [conversation, []];
  if (isCancelled) {
    const failure: Failure = { code: "cancelled", message: "llm-worker was told to cancel it." };
    const cut: Cut = { outcome: "cancelled", failure, isTold: false };
    return cutShort(conversation, run, { cut, context });
  }
  const timed = tookMs === undefined ? run : markStage(run, "first_token", { atMs: event.atMs, tookMs });
  return moved(conversation, advance(timed, readResponse(run.answering, response), context), context);
}

export function sounded(conversation: Conversation, event: EventOf<"sounded">, context: Context): Step {
  const { uttId, news, atMs } = event;
  const run = findRun(conversation, uttId);
  const { activity } = conversation;
  if (activity.kind === "alarm" && activity.alarm.uttId === uttId) return alarmSounded(conversation, news, context);
  if (run === undefined) return soundedLate(conversation, event);
  const heard: Run = { ...run, speech: hear(run.speech, news, atMs) };
  const step = moved(conversation, hushIfGivenUp(run, timeSpeech(heard, event)), context);
  return news.event === "paused" ? chain(step, (next) => held(next, uttId, context)) : step;
}

/** The loudspeaker fell silent before we knew why: who speaks is listened to. A filler is not waited for, and goes on. */
function held(conversation: Conversation, uttId: string, context: Context): Step {
  const { activity } = conversation;
  if (activeRunOf(conversation)?.turn.uttId !== uttId) return [conversation, []];
  if (activity.kind === "thinking") return [conversation, [{ do: "resume", uttId }]];
  return interrupt(conversation, { by: "loudspeaker", position: FROM_NOW }, context);
}

function timeSpeech(run: Run, { news, atMs, firstAudibleMs: tookMs }: EventOf<"sounded">): Run {
  const isFiller = run.speech.kind === "aloud" && run.speech.sentences[news.seq]?.kind === "filler";
  const begun = news.event === "speaking_start" && !isFiller ? markStage(run, "first_audible", { atMs, tookMs }) : run;
  return isOver(begun.speech) ? markStage(begun, "speech_end", { atMs }) : begun;
}

/** What still waits at the loudspeaker of a speech that was given up must not sound later. */
function hushIfGivenUp(before: Run, after: Run): Progress {
  if (before.speech.kind !== "aloud" || after.speech.kind !== "given_up") return [after, []];
  return [after, [{ do: "hush", uttId: after.turn.uttId, reason: after.speech.failure.code }]];
}

/** The last news of a cancelled turn tells how much of it was heard. */
function soundedLate(conversation: Conversation, { uttId, news, atMs }: EventOf<"sounded">): Step {
  const closing = conversation.closing.map((one) => {
    if (one.run.turn.uttId !== uttId) return one;
    return { ...one, run: { ...one.run, speech: hear(one.run.speech, news, atMs) } };
  });
  return [{ ...conversation, closing }, []];
}

export function acknowledged(
  conversation: Conversation,
  { uttId, service }: EventOf<"acknowledged">,
  context: Context,
): Step {
  const closing = conversation.closing.map((one) => {
    const isIt = one.run.turn.uttId === uttId;
    return isIt ? { ...one, awaited: one.awaited.filter((name) => name !== service) } : one;
  });
  return closing
    .filter(({ awaited }) => awaited.length === 0)
    .reduce<Step>((step, one) => chain(step, (next) => settle(next, one, context)), [{ ...conversation, closing }, []]);
}

export function peerChanged(
  conversation: Conversation,
  { peers, lost }: EventOf<"peer_changed">,
  context: Context,
): Step {
  const told = runsOf(conversation).reduce<Step>(
    (step, run) => chain(step, (next) => moved(next, withoutPeers(run, { peers, lost, context }), context)),
    [{ ...conversation, peers: { ...peers, volumeRatio: peers.volumeRatio ?? conversation.peers.volumeRatio } }, []],
  );
  const change = { before: conversation.peers, isLost: lost.some(({ part }) => part === "ears") };
  return chain(told, (next) => earsChanged(next, change, context));
}

function withoutPeers(
  run: Run,
  { peers, lost, context }: Pick<EventOf<"peer_changed">, "peers" | "lost"> & { readonly context: Context },
): Progress {
  const failure = { code: "tts_unavailable", message: "tts-worker went away." };
  const isMute = lost.some(({ part }) => part === "loudspeaker") && run.speech.kind === "aloud" && !isOver(run.speech);
  const silenced: Run = isMute ? { ...run, speech: giveUp(failure) } : run;
  const models = lost.filter(({ part }) => part === "model").map(({ instance }) => instance);
  if (models.length === 0 || !isAbandoned(run.answering, { lost: models, there: peers.models })) return [silenced, []];
  return advance(
    silenced,
    breakOff(run.answering, { code: "llm_unavailable", message: "llm-worker went away." }),
    context,
  );
}

export function timePassed(conversation: Conversation, context: Context): Step {
  const overdue = conversation.closing.filter((closing) => closing.dueAtMs <= context.atMs);
  const settled = overdue.reduce<Step>(
    (step, closing) => chain(step, (next) => settle(next, closing, context)),
    [conversation, []],
  );
  const heard = [lapseListening, lapsePause, lapseFollowup, lapseAlarm, lapsePatience].reduce<Step>(
    (step, lapse) => chain(step, (next) => lapse(next, context)),
    settled,
  );
  // What was held a moment ago has new deadlines.
  return chain(heard, (later) =>
    runsOf(later).reduce<Step>((step, run) => chain(step, (next) => lapsed(next, run, context)), [later, []]),
  );
}

/** Whoever is still talked with is interrupted for a timer. */
function lapsePatience(conversation: Conversation, context: Context): Step {
  const { activity, dueAlarm } = conversation;
  const { atMs, rules } = context;
  const isDue = dueAlarm !== undefined && atMs >= dueAlarm.sinceMs + rules.alarmPatienceMs;
  return isDue && activity.kind !== "alarm" ? cutActivity(conversation, RUNG_OUT, context) : [conversation, []];
}

/** The deadlines of one run that were reached, the loudspeaker's first. */
function lapsed(conversation: Conversation, run: Run, context: Context): Step {
  const { atMs, rules } = context;
  const speechAtMs = speechDueAtMs(run.speech, rules);
  const { activity } = conversation;
  const isHeld = activity.kind === "paused" && activity.run.turn.uttId === run.turn.uttId;
  const isSpeechDue = !isHeld && speechAtMs !== undefined && speechAtMs <= atMs;
  const meaning = isSpeechDue ? lapse(run.speech) : "nothing";
  if (meaning === "stuck") {
    const failure: Failure = { code: "speech_stuck", message: "tts-worker began a sentence and never ended it." };
    const cut: Cut = { outcome: "stuck", failure, isTold: false };
    return cutShort(conversation, run, { cut, context });
  }
  const spoken =
    meaning === "nothing"
      ? run
      : meaning === "end"
        ? { ...run, speech: endCurrent(run.speech, atMs) }
        : unstarted(run, rules.speechStartMs);
  const [hushed, orders] = hushIfGivenUp(run, spoken);
  const [next, effects] = lapseText(hushed, context);
  return moved(conversation, [next, [...orders, ...effects]], context);
}

function unstarted(run: Run, limitMs: number): Run {
  return {
    ...run,
    speech: giveUp({
      code: "speech_not_started",
      message: `tts-worker did not begin to speak within ${limitMs / 1000} s.`,
    }),
  };
}

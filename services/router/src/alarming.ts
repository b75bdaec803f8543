/** What follows when the time of a timer is up: it is shown at once, and rings as soon as nobody talks with the robot. Pure. */
import {
  type Alarm,
  alarmDueAtMs,
  alarmEndsAtMs,
  type DueAlarm,
  type DueTimer,
  withTimers,
  wordsAbout,
} from "./alarm.ts";
import { closeUnworked } from "./closing.ts";
import type { Conversation, Step } from "./conversation-state.ts";
import { endFollowup } from "./following.ts";
import type { Context } from "./run.ts";
import type { SpeechNews } from "./speech.ts";
import type { Effect, Failure } from "./turn.ts";
import { startClock } from "./turn-clock.ts";

const MISSED: Failure = { code: "missed", message: "Nobody came while the timer rang." };

export function timersDue(conversation: Conversation, timers: readonly DueTimer[], context: Context): Step {
  const { activity, dueAlarm } = conversation;
  if (timers.length === 0) return [conversation, []];
  if (activity.kind === "alarm") {
    const [alarm, shows] = shown({ ...withTimers(activity.alarm, timers), sinceMs: context.atMs }, context);
    return [{ ...conversation, activity: { kind: "alarm", alarm } }, shows];
  }
  const [due, shows] = shown(
    dueAlarm === undefined ? newAlarm(timers, context) : withTimers(dueAlarm, timers),
    context,
  );
  return [{ ...conversation, dueAlarm: due }, shows];
}

function newAlarm(timers: readonly DueTimer[], { atMs, newUttId }: Context): DueAlarm {
  return { uttId: newUttId, timers, sinceMs: atMs, shownCount: 0, clock: startClock(atMs) };
}

function shown<Due extends DueAlarm>(due: Due, { rules }: Context): readonly [Due, readonly Effect[]] {
  const { uttId, shownCount: seq } = due;
  const text = wordsAbout(due, rules.sentences.alarm);
  return [{ ...due, shownCount: seq + 1 }, [{ do: "show", uttId, seq, text, path: "intent", isFinal: false }]];
}

/** Rings when nobody is talked with, whoever might go on. */
export function ringDue(conversation: Conversation, context: Context): Step {
  const { activity, dueAlarm } = conversation;
  if (dueAlarm === undefined || (activity.kind !== "asleep" && activity.kind !== "followup")) return [conversation, []];
  const [free, closes] = endFollowup(conversation, "timer");
  const silent: Alarm = {
    ...dueAlarm,
    ...{ sinceMs: context.atMs, saidCount: 0, ring: { kind: "silent", untilMs: context.atMs } },
  };
  const [alarm, says] = say(silent, free, context);
  const ringing: Conversation = { ...free, activity: { kind: "alarm", alarm }, dueAlarm: undefined, reason: "timer" };
  return [ringing, [...closes, ...says]];
}

/** Where nothing can sound it is only shown. */
function say(alarm: Alarm, { peers }: Conversation, { atMs, rules }: Context): readonly [Alarm, readonly Effect[]] {
  const { uttId, saidCount: seq } = alarm;
  const next: Alarm = { ...alarm, ring: { kind: "sounding", untilMs: atMs + rules.speechStartMs } };
  if (peers.loudspeaker === "down" || peers.loudspeaker === "muted") return [next, []];
  const text = wordsAbout(alarm, rules.sentences.alarm);
  return [{ ...next, saidCount: seq + 1 }, [{ do: "say", uttId, seq, text, kind: "alarm", isLast: false }]];
}

/** News of its sentence, which is the last that was said. */
export function alarmSounded(conversation: Conversation, news: SpeechNews, { atMs, rules }: Context): Step {
  const { activity } = conversation;
  if (activity.kind !== "alarm" || news.seq !== activity.alarm.saidCount - 1) return [conversation, []];
  const isOver = news.event === "speaking_end" || news.event === "failed";
  if (!isOver && news.event !== "speaking_start") return [conversation, []];
  const untilMs = isOver
    ? atMs + rules.alarmGapMs
    : atMs + (news.expectedMs ?? rules.alarmGapMs) + rules.speechOverrunMs;
  const alarm: Alarm = { ...activity.alarm, ring: { kind: isOver ? "silent" : "sounding", untilMs } };
  return [{ ...conversation, activity: { kind: "alarm", alarm } }, []];
}

/** The times that were reached: it rings again, or is given up. */
export function lapseAlarm(conversation: Conversation, context: Context): Step {
  const { activity } = conversation;
  const { atMs, rules } = context;
  if (activity.kind !== "alarm" || atMs < alarmDueAtMs(activity.alarm, rules)) return [conversation, []];
  const { alarm } = activity;
  if (atMs >= alarmEndsAtMs(alarm, rules)) return silence(conversation, context, MISSED);
  if (alarm.ring.kind === "sounding") {
    const gap: Alarm = { ...alarm, ring: { kind: "silent", untilMs: atMs + rules.alarmGapMs } };
    return [{ ...conversation, activity: { kind: "alarm", alarm: gap } }, []];
  }
  const [again, says] = say(alarm, conversation, context);
  return [{ ...conversation, activity: { kind: "alarm", alarm: again } }, says];
}

/** Somebody came, or nobody did: it is over, and what still sounds of it. */
export function silence(conversation: Conversation, context: Context, failure?: Failure): Step {
  const { activity } = conversation;
  if (activity.kind !== "alarm") return [conversation, []];
  const { uttId } = activity.alarm;
  const order: Effect = { do: "cancel", uttId, reason: failure?.code ?? "silenced" };
  const asleep: Conversation = { ...conversation, activity: { kind: "asleep" }, reason: failure?.code ?? "silenced" };
  return [asleep, [order, ...closeAlarm(activity.alarm, context, failure)]];
}

/** One that has not rung yet is over. */
export function dropDue(conversation: Conversation, context: Context): Step {
  const { dueAlarm } = conversation;
  if (dueAlarm === undefined) return [conversation, []];
  return [{ ...conversation, dueAlarm: undefined }, closeAlarm(dueAlarm, context)];
}

function closeAlarm(due: DueAlarm, { atMs, rules }: Context, failure?: Failure): readonly Effect[] {
  const { uttId, clock, shownCount: seq } = due;
  const { alarm, alarmMissed } = rules.sentences;
  const text = wordsAbout(due, failure === undefined ? alarm : alarmMissed);
  const outcome = failure === undefined ? "answered" : "failed";
  const missed = failure === undefined ? {} : { failure };
  return closeUnworked(
    { turn: { uttId, origin: "timer" }, clock, path: "intent", outcome, text, seq, ...missed },
    { atMs },
  );
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { Play } from "./conversation.fixture.ts";
import { dueAtMs } from "./conversation.ts";
import { activityEndsAtMs } from "./deadlines.ts";
import { openWindowOf } from "./grants.ts";
import { type Drawn, drawn, perform } from "./happenings.fixture.ts";
import { DEFAULT_RULES as RULES } from "./rules.ts";
import type { Effect } from "./turn.ts";

/** Lets time alone end what is still running; each deadline must lead on. */
function runOut(play: Play): void {
  for (let count = 0; dueAtMs(play.conversation, RULES) !== undefined; count += 1) {
    expect(count).toBeLessThan(2_000);
    play.reachDeadline();
  }
}

/** All of it, 7 ms apart, and then time until nothing is awaited any more. */
function playOut(happenings: readonly Drawn[], look: (play: Play) => void = () => undefined): Play {
  const play = new Play();
  for (const one of happenings) {
    play.nowMs += 7;
    perform(play, one);
    look(play);
  }
  runOut(play);
  return play;
}

/** Every turn that somebody waits for. */
function awaited(happenings: readonly Drawn[], play: Play): readonly string[] {
  const asked = happenings.flatMap((one) => (one.type === "ask" ? [one.turnId] : []));
  const listened = Array.from({ length: play.listenedCount }, (_, index) => `l${index}`);
  return [...new Set(asked), ...listened];
}

test("whatever happens, every question ends in exactly one final answer and one report, and nothing is said after it", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 50 }), (happenings) => {
      const play = playOut(happenings);

      expect(play.state).toBe("asleep");
      for (const uttId of awaited(happenings, play)) {
        const mine = play.effects.filter((effect) => effect.uttId === uttId);
        const shows = mine.filter((effect) => effect.do === "show");
        expect(shows.map(({ seq }) => seq)).toEqual(shows.map((_, index) => index));
        expect(shows.map(({ isFinal }) => isFinal)).toEqual(shows.map((_, index) => index === shows.length - 1));
        expect(play.reports(uttId)).toHaveLength(1);
        expect(
          mine.slice(mine.findIndex((effect) => effect.do === "show" && effect.isFinal)).map((effect) => effect.do),
        ).not.toContain("say");
      }
    }),
    { numRuns: 1_000 },
  );
});

test("whatever happens, the microphone is granted to the turn that listens and to no other, and never after it", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 50 }), (happenings) => {
      const play = playOut(happenings, ({ conversation, effects }) => {
        const { activity } = conversation;
        const last = effects.findLast((effect) => effect.do === "grant");
        const window = openWindowOf(conversation);
        expect(last?.grant === "open").toBe(window !== undefined);
        if (window !== undefined) expect(last?.uttId).toBe(window.uttId);
        if (activity.kind === "listening") expect(last?.uttId).toBe(activity.listening.uttId);
      });

      expect(play.grant).not.toBe("open");
    }),
    { numRuns: 1_000 },
  );
});

test("whatever happens, listening lasts 20 s at most, and 12 s behind the release of the button", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 30 }), (happenings) => {
      playOut(happenings, ({ conversation, nowMs }) => {
        const { activity } = conversation;
        const due = dueAtMs(conversation, RULES) ?? 0;
        if (activity.kind !== "listening") return;
        const { button, openedAtMs } = activity.listening;
        expect(due).toBeLessThanOrEqual(button.kind === "open" ? openedAtMs + 20_000 : button.atMs + 12_000);
        expect(nowMs).toBeLessThan(openedAtMs + 32_900);
      });
    }),
    { numRuns: 500 },
  );
});

test("whatever happens, the sentences of a turn are numbered without a gap, and only the last says that it is", () => {
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 50 }), (happenings) => {
      const play = playOut(happenings);

      const says = Map.groupBy(
        play.effects.filter((effect) => effect.do === "say"),
        ({ uttId }) => uttId,
      );
      for (const sentences of says.values()) {
        expect(sentences.map(({ seq }) => seq)).toEqual(sentences.map((_, index) => index));
        expect(sentences.slice(0, -1).some(({ isLast }) => isLast)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

const STATES = ["alarm", "asleep", "followup", "listening", "paused", "speaking", "thinking"];

/** Whatever a turn leaves behind: one report; one final answer, but for announcements; one record of what counts. */
function checkBooks(mine: readonly Effect[]): void {
  const reports = mine.filter((effect) => effect.do === "report");
  expect(reports).toHaveLength(1);
  const [report] = reports;
  const finals = mine.filter((effect) => effect.do === "show" && effect.isFinal);
  expect(finals.length).toBeLessThanOrEqual(1);
  if (report?.origin !== "say") expect(finals).toHaveLength(1);
  const records = mine.filter((effect) => effect.do === "record");
  expect(records.length).toBeLessThanOrEqual(1);
  const isStop = finals.some((effect) => effect.do === "show" && effect.text === "Stopped.");
  const isTalk = report?.origin !== "say" && report?.origin !== "timer" && !isStop;
  if (report?.outcome === "answered" && isTalk) expect(records).toHaveLength(1);
  // Of a turn that came to no good end only what was heard of it counts.
  if (report?.outcome !== "answered") expect(records.every(({ heard }) => heard !== "")).toBe(true);
}

/** Goes through the grants in their order: the microphone is never opened for a turn while it is for another; gives who has it now. */
function checkGrants(holder: string | undefined, effects: readonly Effect[]): string | undefined {
  let open = holder;
  for (const effect of effects) {
    if (effect.do !== "grant") continue;
    expect(effect.uttId).toBe(open ?? effect.uttId);
    open = effect.grant === "open" ? effect.uttId : undefined;
  }
  return open;
}

/** What must hold after every event; `before` is what the conversation was at. */
function checkMoment(play: Play, before: Play["conversation"]["activity"], effects: readonly Effect[]): void {
  const { conversation, nowMs } = play;
  const { activity } = conversation;
  expect(play.grant === "open").toBe(openWindowOf(conversation) !== undefined);
  if (activity.kind === "asleep") return;
  expect(activityEndsAtMs(conversation, RULES)).toBeLessThanOrEqual(nowMs + 320_000);
  // Speech that was held is let go on, or ended.
  if (before.kind !== "paused" || activity.kind === "paused") return;
  const { uttId } = before.run.turn;
  // Its final answer alone follows a cancel that the workers have heard themselves.
  const isLetGo = effects.some((effect) => effect.uttId === uttId && /^(resume|cancel|show|report)$/u.test(effect.do));
  expect(isLetGo).toBe(true);
}

test("of 100 000 events, every state is reached and left, one microphone at a time is granted, and all books are closed once", () => {
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 100, maxLength: 100, size: "max" }), (happenings) => {
      let [before, count] = [new Play().conversation.activity, 0];
      let holder: string | undefined;
      const play = playOut(happenings, (now) => {
        reached.add(now.state);
        const news = now.effects.slice(count);
        checkMoment(now, before, news);
        holder = checkGrants(holder, news);
        [before, count] = [now.conversation.activity, now.effects.length];
      });

      expect([play.state, play.grant ?? "armed", play.conversation.live.kind]).toEqual(["asleep", "armed", "off"]);
      const turns = Map.groupBy(
        play.effects.filter((effect) => effect.do !== "grant" && effect.do !== "keep_timers"),
        ({ uttId }) => uttId,
      );
      for (const mine of turns.values()) checkBooks(mine);
    }),
    { numRuns: 1_000 },
  );
  expect([...reached].toSorted()).toEqual(STATES);
});

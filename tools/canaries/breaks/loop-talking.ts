import type { Canary } from "../canary.ts";

/** Faults of the conversation around an answer, in the order in which it goes. */
export const loopTalkingBreaks: readonly Canary[] = [
  {
    name: "worse-room-answers",
    file: "services/router/src/arbitration.ts",
    find: "loudness(other) > loudness(one)",
    replace: "loudness(other) < loudness(one)",
    test: "services/router/src/arbitration.test.ts",
    title: "a wake phrase > is answered where it stands farthest over the noise: the second of three",
  },
  {
    name: "speech-stays-paused",
    file: "services/router/src/resuming.ts",
    find: "[...closeEar(activity), order]",
    replace: "[...closeEar(activity), order].slice(0, -1)",
    test: "services/router/src/conversation.paused.test.ts",
    title: "what is said into the pause > and is refused as noise lets the speech go on",
  },
  {
    name: "microphone-left-open-behind-a-pause",
    file: "services/router/src/pausing.ts",
    find: "return isOpen ? [closeGrant(activity.pause.window.uttId)] : [];",
    replace: "return isOpen && activity.pause.by === undefined ? [closeGrant(activity.pause.window.uttId)] : [];",
    test: "services/router/src/conversation.pause-end.test.ts",
    title: "a pause > is ended by a typed question, the button and a cancel, and its grant with it",
  },
  {
    name: "television-is-answered",
    file: "services/router/src/exchange.ts",
    find: "<= sameSpeakerDb;",
    replace: "<= 9 * sameSpeakerDb;",
    test: "services/router/src/conversation.followup.test.ts",
    title: "a follow-up > after a first utterance of -20 dB counts one of -32.5 dB: false",
  },
  {
    name: "follow-ups-without-end",
    file: "services/router/src/following.ts",
    find: "followupCount: exchange.followupCount + 1",
    replace: "followupCount: exchange.followupCount",
    test: "services/router/src/conversation.followup.test.ts",
    title: "a follow-up > is not asked for a fourth time in a row, but after the wake phrase or the button",
  },
  {
    name: "live-mode-ends-while-somebody-talks",
    file: "services/router/src/live.ts",
    find: 'live.kind === "on" ? goLive(atMs, rules) : live',
    replace: 'live.kind === "on" && atMs < 0 ? goLive(atMs, rules) : live',
    test: "services/router/src/conversation.live-mode.test.ts",
    title: "live mode > ends 5 min after the last word that was understood",
  },
  {
    name: "alarm-waits-for-ever",
    file: "services/router/src/rules.ts",
    find: "alarmPatienceMs: 20_000,",
    replace: "alarmPatienceMs: 200_000,",
    test: "services/router/src/conversation.alarm.test.ts",
    title: "a timer that is due > interrupts a turn that has gone on for 20 s since",
  },
];

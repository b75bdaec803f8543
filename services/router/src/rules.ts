/** The deadlines, bounds and sentences of a conversation; made of the settings once, handed to every step. */
import type { HistoryBounds } from "./history.ts";

/** How long an opened microphone waits: for a word, and for its end whatever is said. */
export interface Patience {
  readonly quietMs: number;
  readonly atMostMs: number;
}

export interface Rules {
  /** Thinking for longer is bridged by the filler. */
  readonly fillerAfterMs: number;
  /** Without any message of the model's for longer the turn ends in an error sentence. */
  readonly modelSilentMs: number;
  /** The same while nothing has ever been heard of an llm-worker. */
  readonly modelUnseenMs: number;
  /** The whole answer must have come after this. */
  readonly answerMs: number;
  /** A model that pauses this long behind a full stop has finished that sentence. */
  readonly writerPauseMs: number;
  /** How long the response may stay behind the last message of its stream. */
  readonly responseMs: number;
  /** From its turn to speak to the start of a sentence. */
  readonly speechStartMs: number;
  /** A sentence may sound this much longer than expected. */
  readonly speechOverrunMs: number;
  /** A sentence held by a pause; tts-worker's own deadline is shorter. */
  readonly speechPausedMs: number;
  /** How long the workers have to acknowledge a cancel. */
  readonly cancelAckMs: number;
  /** Runs with `speak: "no"` at the same time. */
  readonly besideMax: number;
  /** Announcements that wait for the end of a turn. */
  readonly waitingMax: number;
  readonly history: HistoryBounds;
  /** Listening for longer without a word ends the turn; also how long the microphone is granted. */
  readonly listening: Patience;
  /** The transcript may be this much behind the end of speech. */
  readonly listenGraceMs: number;
  /** After the button was released. */
  readonly released: Patience;
  /** Listening on after an answer, and after one that asks something. */
  readonly followup: Patience;
  readonly followupToQuestion: Patience;
  /** A timer rings for so long at most, with silence between its sentences. */
  readonly alarmMs: number;
  readonly alarmGapMs: number;
  /** Whoever is talked with is interrupted for a timer that is due for so long. */
  readonly alarmPatienceMs: number;
  /** Live mode ends when nobody was understood for so long. */
  readonly liveMs: number;
  /** For who spoke into our speech; then it goes on. */
  readonly pause: Patience;
  /** The loudspeaker that has not paused by then is told to, and then to stop. */
  readonly pauseOrderMs: number;
  readonly stopOrderMs: number;
  /** Of such an order: tts-worker ends the sentence by itself then. */
  readonly pauseTtlMs: number;
  /** Then the wake phrase is needed again. */
  readonly followupsInARow: number;
  /** An utterance of a follow-up may be so much louder or softer than the first one of the conversation. */
  readonly sameSpeakerDb: number;
  /** Listening while nothing has ever been heard of an stt-worker. */
  readonly earsUnseenMs: number;
  readonly sentences: Sentences;
}

/** What the robot says when something is the matter; one short sentence each. */
export interface Sentences {
  readonly filler: string;
  readonly modelMissing: string;
  readonly modelFailed: string;
  readonly modelSilent: string;
  readonly nothingAsked: string;
  readonly tooMany: string;
  readonly restarted: string;
  readonly unclear: string;
  readonly noSpeech: string;
  readonly earsMissing: string;
  readonly privacy: string;
  readonly earsBusy: string;
  readonly noMicrophone: string;
  readonly engineMissing: string;
  readonly engineFailed: string;
  /** Of timers that ring, and that nobody silenced; `{timers}` are their names. */
  readonly alarm: string;
  readonly alarmMissed: string;
}

export const DEFAULT_RULES: Rules = {
  fillerAfterMs: 1_500,
  modelSilentMs: 20_000,
  modelUnseenMs: 3_000,
  answerMs: 90_000,
  writerPauseMs: 400,
  responseMs: 1_000,
  speechStartMs: 3_000,
  speechOverrunMs: 3_000,
  speechPausedMs: 30_000,
  cancelAckMs: 500,
  besideMax: 16,
  waitingMax: 16,
  history: { turnsMax: 10, charsMax: 8_000 },
  listening: { quietMs: 8_000, atMostMs: 20_000 },
  listenGraceMs: 1_000,
  // stt-worker gives its engine 10 s, then refuses.
  released: { quietMs: 1_500, atMostMs: 12_000 },
  followup: { quietMs: 5_000, atMostMs: 20_000 },
  followupToQuestion: { quietMs: 10_000, atMostMs: 20_000 },
  pause: { quietMs: 2_500, atMostMs: 15_000 },
  pauseOrderMs: 200,
  stopOrderMs: 700,
  pauseTtlMs: 20_000,
  alarmMs: 60_000,
  alarmGapMs: 1_500,
  alarmPatienceMs: 20_000,
  liveMs: 300_000,
  followupsInARow: 3,
  sameSpeakerDb: 12,
  earsUnseenMs: 1_000,
  sentences: {
    filler: "One moment.",
    modelMissing: "I cannot think right now, because my language model is not running.",
    modelFailed: "Sorry, my language model could not answer that.",
    modelSilent: "Sorry, my language model took too long to answer.",
    nothingAsked: "I did not get a question.",
    tooMany: "I am answering too many questions at once. Please ask again in a moment.",
    restarted: "I was restarted. Please ask again.",
    unclear: "I did not catch that.",
    noSpeech: "I did not hear anything.",
    earsMissing: "I cannot hear right now, because my speech recogniser is not running.",
    privacy: "I am not listening, because my microphone is switched off.",
    earsBusy: "I am listening in too many rooms at once.",
    noMicrophone: "I cannot hear, because there is no microphone.",
    engineMissing: "I cannot understand speech, because no speech recogniser is installed.",
    engineFailed: "Sorry, my speech recogniser failed. Please say it again.",
    alarm: "Time is up: {timers}.",
    alarmMissed: "I rang for {timers}, and nobody came.",
  },
};

import type { Canary } from "../canary.ts";

/** Faults of who answers and speaks: cancels, pauses, statuses, loudness, phrases that were spoken before. */
export const loopSpeakingBreaks: readonly Canary[] = [
  {
    name: "cancel-ignored-by-router",
    file: "services/router/src/cancelling.ts",
    find: "[findRun(conversation, uttId)].filter((run) => run !== undefined);",
    replace: "[findRun(conversation, uttId)].filter((run) => run !== undefined).slice(1);",
    test: "services/router/src/conversation.test.ts",
    title: "a cancel > by id ends that turn without telling the workers again",
  },
  {
    name: "cancel-ignored-by-tts-worker",
    file: "services/tts-worker/src/playback.ts",
    find: "return chain(endTurn(playback, event, { uttId, limits }), (next) => [",
    replace: "return chain(wasActive ? [playback, []] : endTurn(playback, event, { uttId, limits }), (next) => [",
    test: "services/tts-worker/src/playback.test.ts",
    title: "a cancel > silences its turn, drops what waits of it, and lets the next turn speak",
  },
  {
    name: "resume-dropped",
    file: "services/tts-worker/src/playback.ts",
    find: 'stage: next }, [{ do: "resume" }, tell({ event: "resumed", sentence: current })]];',
    replace: 'stage: next }, [tell({ event: "resumed", sentence: current })]];',
    test: "services/tts-worker/src/playback.test.ts",
    title: "a pause > holds the sentence until it is resumed",
  },
  {
    name: "held-pause-never-released",
    file: "services/tts-worker/src/playback.ts",
    find: "return chain(isLast ? release(playback) : [playback, []], (next)",
    replace: "return chain(isLast ? [playback, []] : [playback, []], (next)",
    test: "services/tts-worker/src/playback-pause.test.ts",
    title:
      "a pause behind which something still sounds > ends with the last sentence of its turn, also when nothing waits",
  },
  {
    name: "last-status-lost",
    file: "services/tts-worker/src/statuses.ts",
    find: "    last: isLast,",
    replace: "    last: isLast && seq < 0,",
    test: "services/tts-worker/src/statuses.test.ts",
    title: "a status says whether its sentence is the last of its turn (true)",
  },
  {
    name: "mute-ignored",
    file: "services/tts-worker/src/rooms.ts",
    find: "room.loudspeaker.setVolume(room.isMuted ? 0 : room.volume);",
    replace: "room.loudspeaker.setVolume(room.volume);",
    test: "services/tts-worker/src/rooms.test.ts",
    title: "the sites > have a volume and a mute of their own, which change what sounds",
  },
  {
    name: "phrase-of-another-engine-spoken",
    file: "services/tts-worker/src/phrase-cache.ts",
    find: "[text, voice ?? null, lang, engine, settings]",
    replace: "[text, voice ?? null, lang, engine.length * 0, settings]",
    test: "services/tts-worker/src/phrase-cache.test.ts",
    title: "another voice, language, engine or setting is another sound ({ engine: 'flite' })",
  },
  {
    name: "phrase-of-other-settings-spoken",
    file: "services/tts-worker/src/phrase-cache.ts",
    find: "[text, voice ?? null, lang, engine, settings]",
    replace: "[text, voice ?? null, lang, engine, settings.length * 0]",
    test: "services/tts-worker/src/phrase-cache.test.ts",
    title: "another voice, language, engine or setting is another sound ({ settings: 'en-us 200' })",
  },
];

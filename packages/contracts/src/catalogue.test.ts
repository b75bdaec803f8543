import { describe, expect, it } from "vitest";
import { audioMic, CATALOGUE, sttAudioFft, sttPartial } from "./index.ts";

const FRAME = { sequence: 0, stream_id: "00ff00ff00ff00ff", position: 0, bytes: new Uint8Array(640) };

/** Name, type, class, ttl in ms, and what is unusual. Other programs rely on every word: a change here is one for them. */
const FROZEN = [
  "audio/{site}/flush audio.flush command 2000 high",
  "audio/{site}/mic audio.mic stream none private binary",
  "audio/{site}/playout audio.playout stream none",
  "audio/{site}/speaker audio.speaker stream none private binary",
  "config/{service}/current config.current state none",
  "config/{service}/schema config.schema state none",
  "config/{service}/set config.set command 10000 private",
  "config/{service}/set/reply config.set.reply event 10000 private",
  "intents/current intents.current state none",
  "llm/cancel llm.cancel command 5000 high",
  "llm/request llm.request command 60000 private",
  "llm/response llm.response event 60000 private",
  "llm/stream llm.stream stream none private",
  "llm/tools/registry llm.tools.registry state none",
  "stt/audio_fft stt.audio_fft stream none",
  "stt/final stt.final event 10000 private",
  "stt/partial stt.partial stream none private",
  "stt/privacy stt.privacy command 5000 high",
  "stt/refused stt.refused event 10000",
  "stt/state/{site} stt.state state none",
  "system/health/{service} health.status state none bare-in",
  "system/keepalive/{client_id} system.keepalive stream none bare",
  "tts/control tts.control command 5000 high bare-in",
  "tts/say tts.say command 15000 private bare-in",
  "tts/status tts.status event 10000 private",
  "turn/answer turn.answer event 60000 private",
  "turn/ask turn.ask command 10000 private",
  "turn/cancel turn.cancel command 5000 high",
  "turn/cancelled turn.cancelled event 5000",
  "turn/confirm turn.confirm command 5000 private",
  "turn/confirm/reply turn.confirm.reply event 5000 private",
  "turn/listen turn.listen command 5000 high",
  "turn/record turn.record event none private",
  "turn/report turn.report event 60000",
  "turn/say turn.say command 15000 private",
  "turn/state/{site} turn.state state none",
  "wake/mic wake.mic command 5000 high bare-in",
];

describe("the catalogue of topics", () => {
  it("is the one that other programs rely on", () => {
    const lines = CATALOGUE.map((topic) =>
      [
        topic.name,
        topic.type,
        topic.delivery,
        String(topic.ttlMs),
        ...(topic.priority === "high" ? ["high"] : []),
        ...(topic.durable ? ["durable"] : []),
        ...(topic.private ? ["private"] : []),
        ...(topic.wire === "envelope" ? [] : [topic.wire]),
        ...(topic.acceptsBare ? ["bare-in"] : []),
      ].join(" "),
    );

    expect(lines.toSorted()).toEqual(FROZEN);
  });

  it("has no two topics that one message could belong to", () => {
    expect(new Set(CATALOGUE.map(({ filter }) => filter)).size).toBe(CATALOGUE.length);
    expect(new Set(CATALOGUE.map(({ type }) => type)).size).toBe(CATALOGUE.length);
  });

  it("orders the messages of one turn or exchange, and lets others pass", async () => {
    const { llmResponse, llmStream, turnAnswer, turnConfirm } = await import("./index.ts");
    const around = { params: {}, topic: "t", id: "envelope" };

    expect(llmStream.key({ ...around, data: { id: "turn", done: false } })).toBe("turn");
    expect(llmResponse.key({ ...around, data: { id: "turn", cancelled: false } })).toBe("turn");
    const answer = { utt_id: "turn", seq: 0, text: "", path: "llm", final: true, site_id: "default" } as const;
    expect(turnAnswer.key({ ...around, data: answer })).toBe("turn");
    const question = { utt_id: "turn", question: "?", command: { command: "bow", params: {} } };
    expect(turnConfirm.request.key({ ...around, data: question })).toBe("envelope");
  });

  it("orders what is heard at one site, and lets other sites pass", () => {
    const around = { params: {}, topic: "t", id: "envelope" };
    const partial = { text: "what", lang: "en", is_final: false, site_id: "kitchen" };

    expect(sttPartial.key({ ...around, data: partial })).toBe("kitchen");
    expect(sttAudioFft.key({ ...around, data: { fft_data: [], sample_rate: 16_000, site_id: "hall" } })).toBe("hall");
    expect(audioMic.key({ ...around, params: { site: "kitchen" }, topic: "audio/kitchen/mic", data: FRAME })).toBe(
      "audio/kitchen/mic",
    );
  });
});

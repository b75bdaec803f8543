import { describe, expect, it } from "vitest";
import { audioMic, CATALOGUE, sttAudioFft, sttPartial } from "./index.ts";

const FRAME = { sequence: 0, stream_id: "00ff00ff00ff00ff", position: 0, bytes: new Uint8Array(640) };

describe("the catalogue of topics", () => {
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

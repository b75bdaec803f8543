/** What `compat: "five-keys"` sends: nothing that a strict peer of the reference would refuse. */
import { decodeMessage, encodeMessage, type Topic } from "@ts-tars/mqtt/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CATALOGUE, micActionOf, wakeMic } from "./index.ts";
import { arbitraryOf } from "./schema-arbitrary.fixture.ts";

/** The members of the reference's models, as its contracts list them; below those marked `*` anything goes. */
const REFERENCE: Readonly<Record<string, string>> = {
  "stt/final": "text lang confidence utt_id ts is_final",
  "stt/partial": "text lang confidence utt_id ts is_final",
  "stt/audio_fft": "fft_data sample_rate ts",
  "tts/say": "text voice lang utt_id style stt_ts wake_ack system_announce",
  "tts/status": "event text timestamp utt_id reason wake_ack system_announce",
  "tts/control": "action reason ts",
  "wake/event": "type tts_id confidence energy cause ts",
  "wake/mic": "action reason ttl_ms",
  "llm/request":
    "id text stream use_rag rag_k system params* conversation_history conversation_history.role " +
    "conversation_history.content conversation_history.timestamp",
  "llm/response": "id reply error provider model tokens*",
  "llm/stream": "id seq delta done provider model",
  "llm/cancel": "id",
  "llm/tools/registry": "tools tools.type tools.function*",
  "llm/tools/call": "call_id name arguments*",
  "llm/tools/result": "call_id result* error",
  "memory/query": "text top_k max_tokens include_context context_window retrieval_strategy",
  "memory/results":
    "query k results results.document* results.score results.timestamp results.context_type results.token_count " +
    "total_tokens strategy_used truncated",
  "character/get": "section",
  "character/result":
    "section value* name description systemprompt traits* voice* meta* scenario* personality_notes* example_interactions*",
  "system/character/current":
    "name description systemprompt traits* voice* meta* scenario* personality_notes* example_interactions*",
  "character/update": "section trait value action",
  "camera/capture": "timestamp request_id format quality width height purpose",
  "camera/image":
    "timestamp request_id image_data format width height size_bytes success error purpose capture_timestamp",
  "camera/status": "timestamp event request_id detail",
  "camera/frame": "timestamp frame_data format width height frame_number fps",
  // The reference's model, and the words of its firmware.
  "movement/state": "timestamp id event seq detail command speed queue_size error channels* reason",
  "movement/test": "timestamp command speed params* request_id",
  "movement/status": "timestamp event command detail request_id",
  "movement/stop": "timestamp reason",
  "system/health/{service}": "ok event err timestamp",
  "system/keepalive/{client_id}": "ok event timestamp",
};

/** Contracts of the reference that no program of it reads; without our members on them a robot of ours could not move. */
const WHOLE = ["movement/command", "movement/frame"];

const SHARED = CATALOGUE.filter((topic) => topic.reference !== undefined).map((topic) => [topic.name, topic] as const);
const META = { id: "0".repeat(32), ts: 1_731_000_000.5, source: "test" };
const OPTIONAL = { correlationId: "c", replyToId: "r", traceparent: "t", replayOf: "o" };

function sent(topic: Topic, data: unknown): Record<string, unknown> {
  const payload = encodeMessage(topic, data, { ...META, ...OPTIONAL, compat: "five-keys" });
  return z.record(z.string(), z.unknown()).parse(JSON.parse(new TextDecoder().decode(payload)));
}

/** Paths of members that the reference lacks. */
function strangersIn(value: unknown, known: readonly string[], path = ""): readonly string[] {
  if (typeof value !== "object" || value === null || known.includes(`${path}*`)) return [];
  if (Array.isArray(value)) return value.flatMap((item) => strangersIn(item, known, path));
  return Object.entries(value).flatMap(([name, member]) => {
    const here = path === "" ? name : `${path}.${name}`;
    const isKnown = known.some((one) => one === here || one === `${here}*`);
    return isKnown ? strangersIn(member, known, here) : [here];
  });
}

/** A grant without its old word, and a volume, are nothing that the reference could be told. */
function canBeTold(data: unknown): boolean {
  const { grant, action } = z.object({ grant: z.unknown().optional(), action: z.unknown().optional() }).parse(data);
  return action !== "volume" && (grant === undefined || action !== undefined);
}

describe("for strict peers", () => {
  it("every topic that the reference has is known as such, but those of which it has no program", () => {
    expect(SHARED.map(([name]) => name).toSorted()).toEqual(Object.keys(REFERENCE).toSorted());
    expect(CATALOGUE.filter(({ name }) => WHOLE.includes(name)).map(({ reference }) => reference)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each(SHARED)("a message on %s has five keys or none, and only members that the reference has", (name, topic) => {
    const known = ["message_id", ...(REFERENCE[name] ?? "").split(" ")];
    fc.assert(
      fc.property(arbitraryOf(z.instanceof(z.ZodType).parse(topic.payload)), (message) => {
        const body = sent(topic, message);
        const isBare = topic.wire === "bare";

        expect(isBare || Object.keys(body).toSorted().join()).toBe(isBare || "data,id,source,ts,type");
        expect(strangersIn(isBare ? body : body["data"], known)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it.each(SHARED)("what is left of a message on %s is still one by our own contract", (_name, topic) => {
    fc.assert(
      fc.property(arbitraryOf(z.instanceof(z.ZodType).parse(topic.payload)), (message) => {
        fc.pre(canBeTold(message));
        const decoded = decodeMessage(topic, new TextEncoder().encode(JSON.stringify(sent(topic, message))));

        expect(decoded).toMatchObject({ ok: true, strippedKeys: 0 });
      }),
      { numRuns: 50 },
    );
  });

  it("an answer bears the id of its question, since nothing else tells whose it is", () => {
    const answers = SHARED.filter(([name]) => ["memory/results", "character/result", "camera/image"].includes(name));

    expect(answers.map(([, topic]) => topic.reference !== undefined)).toEqual([true, true, true]);
    for (const [, topic] of answers) {
      const [example] = fc.sample(arbitraryOf(z.instanceof(z.ZodType).parse(topic.payload)), 1);
      expect(sent(topic, example)["id"]).toBe(OPTIONAL.replyToId);
    }
  });

  it.each(["open", "armed", "closed"] as const)("the grant %s has the old word that opens no more than it", (grant) => {
    const data = sent(wakeMic, { grant, action: micActionOf(grant) })["data"];

    expect(data).toEqual({ action: grant === "open" ? "unmute" : "mute" });
  });
});

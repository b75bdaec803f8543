import { describe, expect, it } from "vitest";
import { brokenPromises, parsePromises, promisesOf, readPromises } from "./frozen.fixture.ts";
import { CATALOGUE } from "./index.ts";

const promised = readPromises();
const broken = (before: string, after: string) => brokenPromises(parsePromises(before), parsePromises(after));

describe("what other programs rely on", () => {
  it("is kept: no topic and no member is renamed, removed or changed, and what is new is promised", () => {
    expect(broken(promised, promisesOf(CATALOGUE))).toEqual([]);
  });

  it.each([
    ["a topic that is gone", "tts/say tts.say", "tts/speak tts.say", "the topic tts/say is gone"],
    [
      "a topic that is new",
      "tts/say tts.say",
      "tts/speak tts.say",
      /tts\/speak is new, promise it:\ntts\/speak tts.say .*\n {2}/,
    ],
    ["a type", "tts/say tts.say ", "tts/say tts.speak ", /the topic tts\/say was "tts.say .*" and is "tts.speak .*"/],
    ["a class and its ttl", "command 15000", "event none", /tts\/say was ".*command 15000.*" and is ".*event none/],
    ["a member that is gone", "  spoken_chars? ", "  chars? ", "the topic tts/status lost its member spoken_chars?"],
    ["a member inside another", "  words?.*.end_ms ", "  words?.*.until ", "stt/final lost its member words?.*.end_ms"],
    ["a word of a list", "|mic_drop", "", /movement\/command changed its member command/],
    ["a bound", "integer 0..100", "integer 0..101", /character\/update changed its member value\?/],
    ["a member that must be there now", "  lang? ", "  lang ", "the topic stt/final lost its member lang?"],
    [
      "a member that is new",
      "  spoken_ratio? number 0..1\n",
      "",
      /tts\/status has a new member, .*" {2}spoken_ratio\?/,
    ],
  ])("breaks by name: %s", (_what, line, instead, says) => {
    const isNew = instead === "";
    const changed = promised.replaceAll(line, instead);
    const [before, after] = isNew && line.startsWith("  ") ? [changed, promised] : [promised, changed];

    expect(changed).not.toBe(promised);
    expect(broken(before, after)).toContainEqual(
      typeof says === "string" ? expect.stringContaining(says) : expect.stringMatching(says),
    );
  });
});

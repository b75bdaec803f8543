import { describe, expect, test } from "vitest";
import { type AccessRights, mayPublish, maySubscribe, renderMosquittoAcl } from "./access-rules.ts";

const rights = (publishes: readonly string[], subscribes: readonly string[]): AccessRights => ({
  publishes,
  subscribes,
});

describe("the access list of Mosquitto", () => {
  test("has a line for each filter, sorted, and one for what is both written and read", () => {
    const text = renderMosquittoAcl([
      { username: "router", rights: rights(["turn/state/+", "tts/say"], ["tts/status", "turn/state/+"]) },
      { username: "guest", rights: rights([], ["tts/status"]) },
      { username: "owner" },
    ]);

    expect(text.split("\n")).toEqual([
      "user router",
      "topic write tts/say",
      "topic read tts/status",
      "topic readwrite turn/state/+",
      "",
      "user guest",
      "topic read tts/status",
      "",
      "user owner",
      "topic readwrite #",
      "",
    ]);
  });

  test.each(["", " router", "router ", "router\ntopic readwrite #", "rou\0ter", "rou\tter"])(
    "refuses the user name %j, which would say something else there",
    (username) => {
      expect(() => renderMosquittoAcl([{ username }])).toThrow(TypeError);
    },
  );

  test.each(["", " a", "a\ntopic readwrite #", "a+/b", "a/#/b", "a#", "$share/group/a"])(
    "refuses the topic filter %j",
    (filter) => {
      expect(() => renderMosquittoAcl([{ username: "router", rights: rights([], [filter]) }])).toThrow(TypeError);
    },
  );

  test("takes blanks and signs inside of names as they are", () => {
    const text = renderMosquittoAcl([{ username: "Großer Roboter #2", rights: rights(["das wohnzimmer/ton"], []) }]);

    expect(text).toBe("user Großer Roboter #2\ntopic write das wohnzimmer/ton\n");
  });
});

describe("what a right covers", () => {
  test.each([
    ["a/b", "a/b", true],
    ["a/b", "a/c", false],
    ["a/b", "a/b/c", false],
    ["a/b", "a", false],
    ["a/+", "a/b", true],
    ["a/+", "a/", true],
    ["a/+", "a", false],
    ["a/+", "a/b/c", false],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["a/#", "ab", false],
    ["#", "a/b", true],
    ["#", "$SYS/uptime", false],
    ["+/uptime", "$SYS/uptime", false],
    ["$SYS/#", "$SYS/uptime", true],
  ])("%j lets publish to %j: %s", (right, topic, may) => {
    expect(mayPublish(rights([right], []), topic)).toBe(may);
  });

  test.each([
    ["a/b", "a/+", false],
    ["a/+", "a/+", true],
    ["a/+", "a/#", false],
    ["a/+", "#", false],
    ["a/#", "a/+/c", true],
    ["a/#", "a/#", true],
    ["a/#", "+/b", false],
    ["#", "#", true],
    ["#", "$SYS/#", false],
    ["a/+", "$share/group/a/+", true],
    ["a/b", "$share/group/a/+", false],
  ])("%j lets subscribe to %j: %s", (right, filter, may) => {
    expect(maySubscribe(rights([], [right]), filter)).toBe(may);
  });

  test("a right to read is none to write, nor the other way round", () => {
    expect([mayPublish(rights([], ["a"]), "a"), maySubscribe(rights(["a"], []), "a")]).toEqual([false, false]);
  });
});

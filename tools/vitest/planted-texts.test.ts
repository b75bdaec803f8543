/** Canaries: a text planted in each way in which it could leak is found, and its place is named. A blind watch would be worse than none. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { inspect, promisify } from "node:util";
import {
  describeLeak,
  inspectAtEnd,
  inspectNow,
  lookAt,
  lookAtErrors,
  plantedSecret,
  plantedWords,
  standInWatch,
} from "@ts-tars/harness/watch";
import { createLog } from "@ts-tars/service";
import { describe, expect, test } from "vitest";

/** What a stand-in for the suite's watch finds while `plant` runs, as a person would read it. */
async function leaksOf(plant: () => unknown): Promise<readonly string[]> {
  using watch = standInWatch();
  await plant();
  lookAtErrors();
  inspectNow();
  return [...new Set(watch.take().leaks.map(describeLeak))];
}

const silent = { write: () => undefined };

describe("a planted secret is found", () => {
  test("in a log line", async () => {
    const log = createLog({ name: "parrot", level: "trace", stream: silent });

    const leaks = await leaksOf(() => log.trace({ greeting: plantedSecret() }, "greeting taken"));

    expect(leaks).toEqual(["A planted secret (PlantedSecretQxz) was seen in a line of a log"]);
  });

  test("in what this process prints", async () => {
    const print = (): void => void process.stderr.write(`${inspect({ key: plantedSecret() }, { colors: false })}\r`);

    const leaks = await leaksOf(print);

    expect(leaks).toEqual(["A planted secret (PlantedSecretQxz) was seen in a line of standard error"]);
  });

  test.each(["stdout", "stderr"] as const)("in the %s of a child, cut into two pieces", async (stream) => {
    const [head, tail] = [plantedSecret().slice(0, 9), plantedSecret().slice(9)];
    const script = `process.${stream}.write("a ${head}", () => setImmediate(() => process.${stream}.write("${tail} z")))`;

    const leaks = await leaksOf(() => promisify(execFile)(process.execPath, ["-e", script]));

    expect(leaks).toEqual([
      expect.stringMatching(/^A planted secret \(PlantedSecretQxz\) was seen in a line of the /u),
    ]);
  });

  test("in the output of a child that nobody has read until its end", async () => {
    const child = spawn(process.execPath, ["-p", `"${plantedSecret()}"`], { stdio: ["ignore", "pipe", "ignore"] });

    const leaks = await leaksOf(async () => {
      await once(child, "exit");
      child.stdout.resume();
      await once(child, "close");
    });

    expect(leaks).toHaveLength(1);
  });

  test.each<readonly [string, () => unknown]>([
    ["the message of an error", () => new RangeError(`the key was ${plantedSecret()}`)],
    ["its cause", () => new Error("cannot log in", { cause: { sent: { password: plantedSecret() } } })],
    ["a member that is set afterwards", () => Object.assign(new TypeError("refused"), { options: [plantedSecret()] })],
    ["an error made without new", () => Error(plantedSecret())],
    ["an error class of one's own", () => new (class Refusal extends Error {})(plantedSecret())],
    ["one of many", () => new AggregateError([plantedSecret()], "all failed")],
    ["bytes", () => new Error("refused", { cause: Buffer.from(plantedSecret()) })],
    ["bytes in an array", () => new Error("refused", { cause: [...Buffer.from(plantedSecret())] })],
  ])("in %s", async (_where, fail) => {
    const leaks = await leaksOf(() => Promise.reject(fail()).catch(() => undefined));

    expect(leaks.length).toBeGreaterThan(0);
    expect(
      leaks.filter((leak) => !leak.startsWith("A planted secret (PlantedSecretQxz) was seen in an error:")),
    ).toEqual([]);
  });

  test("in the inspection of an object, at any depth", async () => {
    const client = { link: { options: { broker: { login: { password: plantedSecret() } } } } };

    const leaks = await leaksOf(() => inspectAtEnd("client parrot", client));

    expect(leaks).toEqual(["A planted secret (PlantedSecretQxz) was seen in the inspection of client parrot"]);
  });

  test.each([0, 1, 2])("in base64, behind %i other bytes", async (before) => {
    const encoded = Buffer.from(`${"x".repeat(before)}${plantedSecret()}`).toString("base64url");

    const leaks = await leaksOf(() => lookAt({ kind: "message", where: "dead/parrot/1", text: encoded }));

    expect(leaks).toEqual(["A planted secret (PlantedSecretQxz) was seen in a message on dead/parrot/1"]);
  });

  test("in a request to set it that is retained, while the request itself is meant", async () => {
    const request = JSON.stringify({ values: { api_key: plantedSecret() } });

    const leaks = await leaksOf(() => {
      lookAt({ kind: "message", where: "config/parrot/set", text: request });
      lookAt({ kind: "retained", where: "config/parrot/set", text: request });
    });

    expect(leaks).toEqual(["A planted secret (PlantedSecretQxz) was seen in a retained message on config/parrot/set"]);
  });

  test("when it was learnt after it had been printed, without being told itself", async () => {
    using watch = standInWatch();
    lookAt({ kind: "line", where: "the output of tars up", text: "operator: k8Yt-3mQ_aaZ41" });

    watch.learn("k8Yt-3mQ_aaZ41", "the operator's password");

    expect(watch.take().leaks.map(describeLeak)).toEqual([
      "A planted secret (the operator's password, 14 characters) was seen in a line of the output of tars up",
    ]);
  });
});

describe("planted private words are found", () => {
  test("in the lines of a log, unless it is set to debug", async () => {
    const [quiet, loud] = ["info", "debug"].map((level) => createLog({ name: "parrot", level, stream: silent }));
    const said = { text: plantedWords() };

    expect(await leaksOf(() => loud?.info({ private: said }, "heard"))).toEqual([]);
    expect(await leaksOf(() => quiet?.info({ private: said, said }, "heard"))).toEqual([
      "Planted private words (quixplunder) were seen in a line of a log",
    ]);
  });

  test("in a retained message, also as bytes, and not in one that passes", async () => {
    const letter = { payload: Buffer.from(plantedWords()).toString("base64") };

    const leaks = await leaksOf(() => {
      lookAt({ kind: "message", where: "tts/say", text: plantedWords() });
      lookAt({ kind: "retained", where: "dead/parrot/1", text: JSON.stringify(letter) });
    });

    expect(leaks).toEqual(["Planted private words (quixplunder) were seen in a retained message on dead/parrot/1"]);
  });
});

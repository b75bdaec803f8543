/** Durable messages whose publisher is killed at any moment, with the broker there or not; and a disk that is full. */
import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { promisify } from "node:util";
import { recorder } from "@ts-tars/harness";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openClient, openSite, PROTOCOLS, type Site } from "./client.fixture.ts";
import { connect } from "./connect.ts";
import { type Program, startProgram, stateFolder, storedCount } from "./durable.fixture.ts";
import { errand, wish } from "./durable-topics.fixture.ts";
import { StateDirectoryTakenError } from "./errors.ts";
import { stateDirectory } from "./outbox/state-directory.ts";

let site: Site;
let folder: ReturnType<typeof stateFolder>;
beforeEach(async () => {
  site = await openSite();
  folder = stateFolder();
});
afterEach(async () => {
  folder[Symbol.dispose]();
  await site[Symbol.asyncDispose]();
});

/** A life of the publisher. */
const publisher = async (protocol: string, before: readonly string[] = []): Promise<Program> => {
  const program = startProgram("durable-publisher", [site.link.url, protocol, folder.path], before);
  await program.lines.until((line) => line === "open");
  return program;
};
const liftBound = (pid: number) => promisify(execFile)("prlimit", [`--pid=${pid}`, "--fsize=unlimited:unlimited"]);
const isNumber = (line: string): boolean => /^\d+$/.test(line);
/** What happens around the publisher in each of its lives. */
const SURROUNDINGS = ["reachable", "unreachable", "reachable", "deaf", "reachable"] as const;

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("what was accepted arrives once and in order, wherever its publisher is killed, and nothing stays behind", async () => {
    const seed = randomInt(2 ** 31);
    const linesBeforeDeath = fc.sample(fc.integer({ min: 1, max: 80 }), { seed, numRuns: SURROUNDINGS.length });
    const { client } = openClient({ url: site.broker.url, protocol, clientId: "hearer" });
    await using _closed = client;
    const heard = recorder<number>();
    await client.subscribe(wish, ({ data }) => heard.push(Number(data.text))).active;
    const accepted: number[] = [];

    for (const [life, surroundings] of SURROUNDINGS.entries()) {
      const mend = await surround(surroundings);
      await using program = await publisher(protocol);
      program.tell(`stream ${life * 100_000}`);
      await program.lines.untilAll((seen) => seen.filter(isNumber).length >= (linesBeforeDeath[life] ?? 1));
      await program.kill();
      accepted.push(...program.lines.seen.filter(isNumber).map(Number));
      mend();
    }
    await using last = await publisher(protocol);
    last.tell("flush");
    last.tell("close");
    await last.lines.until((line) => line === "close done", { deadlineMs: 40_000 });
    await last.exited;
    await heard.until((n) => n === accepted.at(-1));

    const missing = accepted.filter((n) => !heard.seen.includes(n));
    expect({ seed, missing }).toEqual({ seed, missing: [] });
    expect(heard.seen).toEqual([...new Set(heard.seen)].toSorted((a, b) => a - b));
    expect(storedCount(folder.path)).toBe(0);
  });

  /** `deaf`: the broker takes what is sent, and its answers are lost. */
  async function surround(how: (typeof SURROUNDINGS)[number]): Promise<() => void> {
    if (how === "reachable") return () => undefined;
    if (how === "deaf") {
      return site.link.intercept(({ packet, direction }) =>
        packet?.cmd === "puback" && direction === "down" ? "drop" : undefined,
      );
    }
    site.link.down();
    return () => site.link.up();
  }
});

test("a second process with the same directory is told what to do before it dials, and the first goes on", async () => {
  await using first = await publisher("5");
  const open = () => connect({ url: site.link.url, clientId: "publisher", state: stateDirectory(folder.path) });

  expect(open).toThrow(StateDirectoryTakenError);
  expect(open).toThrow(/Stop the other process, or give one of them another state directory/);

  first.tell("wish a");
  first.tell("flush");
  await first.lines.until((line) => line === "flush done");
  await first.kill();
  expect(new Set(site.link.connections().map(({ clientId }) => clientId))).toEqual(new Set(["publisher"]));
  expect(site.link.connections().length).toBe(1);
  await open().close();
});

test("on a full disk a durable message is refused, everything else goes on, and when there is room again it is taken", async (context) => {
  // A bound on the size of its files: the write fails as on a full disk, and the bound can be lifted from outside.
  context.skip(process.platform !== "linux", "prlimit is of Linux");
  const client = site.open({ clientId: "hearer" }).client;
  const heard = recorder<string>();
  client.subscribe(errand, ({ data }) => heard.push(data.key));
  client.subscribe(wish, ({ data }) => heard.push(data.text.replace(/\.+$/, "")));
  await client.ready();
  await using program = await publisher("5", ["prlimit", "--fsize=65536:unlimited"]);
  const answer = async (order: string): Promise<string> => {
    program.tell(order);
    return program.lines.next();
  };
  await program.lines.next();
  const answers = [];
  for (const order of ["wish a", "wish b", "wish c", "wish d", "errand e"]) answers.push(await answer(order));
  await heard.until((text) => text === "e");

  const refused = answers.indexOf("wish MQTT_NOT_STORED");
  await liftBound(program.pid);
  const afterwards = await answer("wish f");
  await heard.until((text) => text === "f");

  expect(refused).toBeGreaterThan(0);
  expect([answers.at(-2), answers.at(-1), afterwards]).toEqual(["wish MQTT_NOT_STORED", "errand done", "wish done"]);
  expect(heard.seen).toEqual([...["a", "b", "c", "d"].slice(0, refused), "e", "f"]);
});

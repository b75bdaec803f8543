import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock, type Recorder, recorder, until } from "@ts-tars/harness";
import { createLog, SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import type { EngineError } from "../errors.ts";
import { readProgram } from "../program/read-program.ts";
import { type EngineHost, type EngineHostOptions, openEngineHost } from "./engine-host.ts";
import type { ParrotInit, ParrotNews, ParrotOrder } from "./parrot-engine.fixture.ts";

const MODULE = new URL("./parrot-engine.fixture.ts", import.meta.url);
const LOG = createLog({ name: "test", level: "silent" });

interface Stage extends AsyncDisposable {
  readonly host: EngineHost<ParrotOrder>;
  readonly news: Recorder<ParrotNews>;
  readonly turns: Recorder<"up" | EngineError>;
  /** Waits until it is up, and gives its process id. */
  readonly pid: () => Promise<number>;
}

function openStage(options: Partial<EngineHostOptions<ParrotInit, ParrotNews>> = {}): Stage {
  const news = recorder<ParrotNews>();
  const turns = recorder<"up" | EngineError>();
  const host = openEngineHost<ParrotInit, ParrotOrder, ParrotNews>({
    name: "parrot",
    module: MODULE,
    init: {},
    clock: SYSTEM_CLOCK,
    log: LOG,
    onNews: news.push,
    onUp: () => turns.push("up"),
    onDown: turns.push,
    ...options,
  });
  const pid = async (): Promise<number> => {
    await until(() => host.state.kind === "up");
    host.post({ do: "tell_pid" });
    const told = await news.next();
    return "pid" in told ? told.pid : 0;
  };
  return { host, news, turns, pid, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

/** What is told when it goes down the next time; it had come up before. */
async function nextDown({ turns }: Stage): Promise<EngineError> {
  const seen = await turns.takeThrough((turn) => turn !== "up");
  const last = seen.at(-1);
  if (last === undefined || last === "up") throw new Error("It did not go down.");
  return last;
}

describe("an engine in its child process", () => {
  test("takes orders and tells news, samples as they are", async () => {
    await using stage = openStage();
    await stage.turns.next();

    expect(stage.host.post({ do: "repeat", pcm: Int16Array.of(1, -2, 32_767) })).toBe(true);

    expect(await stage.news.next()).toEqual({ pcm: Int16Array.of(1, -2, 32_767) });
    expect(stage.host.state).toEqual({ kind: "up" });
  });

  test("takes no orders before it is up, and none after it was closed", async () => {
    const stage = openStage();

    expect(stage.host.post({ do: "tell_pid" })).toBe(false);
    await stage.turns.next();
    await stage.host[Symbol.asyncDispose]();

    expect(stage.host.post({ do: "tell_pid" })).toBe(false);
    expect(stage.host.state).toEqual({ kind: "closed" });
  });

  test("is started again after a crash, which is told with its last words", async () => {
    await using stage = openStage();
    const first = await stage.pid();

    stage.host.post({ do: "crash" });

    const error = await nextDown(stage);
    expect(error.message).toContain(
      'The engine "parrot" ended by SIGSEGV. It said last: parrot.c: segmentation follows',
    );
    expect(await stage.pid()).not.toBe(first);
  });

  test("that fails on an order says why in its own words", async () => {
    await using stage = openStage();
    await stage.turns.next();

    stage.host.post({ do: "throw" });

    expect(await nextDown(stage)).toMatchObject({
      code: "AUDIO_ENGINE",
      message: 'The engine "parrot" broke: the dictionary is damaged.',
      remedy: "Install it anew.",
    });
  });

  test("that ends by itself is told with its exit code", async () => {
    await using stage = openStage();
    await stage.turns.next();

    stage.host.post({ do: "exit" });

    expect((await nextDown(stage)).message).toBe('The engine "parrot" ended with exit code 7.');
  });

  test.for(["loop", "sleep"] as const)("that hangs in an order (%s) is killed and started again", async (hang) => {
    await using stage = openStage({ hangLimitMs: 300 });
    const first = await stage.pid();

    stage.host.post({ do: hang });

    expect((await nextDown(stage)).message).toBe('The engine "parrot" did not answer for 300 ms and was ended.');
    expect(await stage.pid()).not.toBe(first);
  });

  test("that is stopped by a signal while it is idle is noticed, killed and started again", async () => {
    await using stage = openStage({ hangLimitMs: 300 });
    const first = await stage.pid();

    process.kill(first, "SIGSTOP");

    expect((await nextDown(stage)).message).toContain("did not answer for 300 ms");
    expect(await stage.pid()).not.toBe(first);
    expect(isAlive(first)).toBe(false);
  });

  test("is not taken for hung while it is idle and answers", async () => {
    await using stage = openStage({ hangLimitMs: 1_000 });
    const first = await stage.pid();

    // Another one, which hangs for longer, is the fence.
    await using fence = openStage({ hangLimitMs: 1_500 });
    await fence.turns.next();
    fence.host.post({ do: "loop" });
    await nextDown(fence);

    expect(await stage.pid()).toBe(first);
  });

  test("that is slower than its orders come is given no more than it can keep", async () => {
    await using stage = openStage();
    await stage.turns.next();

    stage.host.post({ do: "sleep" });
    const pcm = new Int16Array(320);
    const taken = Array.from({ length: 1_000 }, () => stage.host.post({ do: "repeat", pcm })).filter(Boolean);

    expect(taken.length).toBe(511);
  });

  test("can be started afresh while it is busy", async () => {
    await using stage = openStage();
    const first = await stage.pid();
    stage.host.post({ do: "loop" });

    stage.host.restart("the sentence took too long.");

    expect((await nextDown(stage)).message).toBe('The engine "parrot" is started afresh: the sentence took too long.');
    expect(await stage.pid()).not.toBe(first);
  });
});

describe("an engine that cannot start", () => {
  test("is told in its own words with its remedy, tried every 10 s, and found once it is installed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "parrot-"));
    const model = join(folder, "model");
    const clock = manualClock();
    await using stage = openStage({ init: { model }, clock });

    const error = await nextDown(stage);
    expect(error).toMatchObject({
      message: 'The engine "parrot" cannot start: the model is missing.',
      remedy: "Install it: sudo apt install parrot",
    });
    expect(stage.host.state).toEqual({ kind: "waiting", retryInMs: 10_000, cause: error });
    await clock.advance(10_000);
    await nextDown(stage);
    await writeFile(model, "");
    await clock.advance(10_000);

    expect(await stage.turns.next()).toBe("up");
    await rm(folder, { recursive: true });
  });

  test("can be tried at once, when something was changed", async () => {
    await using stage = openStage({ init: { start: "throw" }, clock: manualClock() });
    expect((await nextDown(stage)).message).toBe('The engine "parrot" cannot start: no such library');

    stage.host.restart("The settings were changed.");

    await nextDown(stage);
  });

  test("and hangs instead is killed after its time, and its crash is no tight loop", async () => {
    await using hanging = openStage({ init: { start: "hang" }, startLimitMs: 500 });
    expect((await nextDown(hanging)).message).toContain("was not up after 500 ms and was ended.");

    await using crashing = openStage({ init: { start: "crash" }, clock: manualClock(), random: () => 1 });
    expect((await nextDown(crashing)).message).toContain("ended by SIGSEGV");
    expect(crashing.host.state).toMatchObject({ kind: "waiting", retryInMs: 100 });
  });
});

describe("the child process of an engine", () => {
  test("is gone when its host was closed, also from an endless loop", async () => {
    const stage = openStage();
    const pid = await stage.pid();
    stage.host.post({ do: "loop" });

    await stage.host[Symbol.asyncDispose]();

    expect(isAlive(pid)).toBe(false);
  });

  test.for(["tell_pid", "loop"] as const)("ends with its parent, however that ends (%s)", async (last) => {
    const script = `
      import { openEngineHost } from ${JSON.stringify(new URL("./engine-host.ts", import.meta.url).href)};
      import { createLog, SYSTEM_CLOCK } from "@ts-tars/service";
      const host = openEngineHost({
        name: "parrot", module: new URL(${JSON.stringify(MODULE.href)}), init: {}, clock: SYSTEM_CLOCK,
        log: createLog({ name: "test", level: "silent" }), onDown: () => {},
        onUp: () => host.post({ do: "tell_pid" }),
        onNews: ({ pid }) => { console.log(pid); host.post({ do: "${last}" }); process.kill(process.pid, "SIGKILL"); },
      });`;
    const reading = await readProgram({
      command: [process.execPath, "--conditions=ts-tars-source", "--input-type=module", "-e", script],
      signal: new AbortController().signal,
      timeoutMs: 10_000,
    });

    const pid = Number(reading.output);
    expect(pid, reading.lastLines.join("\n")).toBeGreaterThan(1);
    await until(() => !isAlive(pid));
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

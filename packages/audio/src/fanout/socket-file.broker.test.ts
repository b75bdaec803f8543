import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { within } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import { readProgram } from "../program/read-program.ts";
import { openFanout } from "./fanout-server.ts";
import { LOG, openSocket, openStage } from "./fanout-stage.fixture.ts";

describe("the socket's file", () => {
  test("is made in a folder of its own, for the user and its group only", async () => {
    await using stage = await openStage();

    expect((await stat(stage.path)).mode & 0o777).toBe(0o660);
    expect((await stat(join(stage.folder, "deep"))).mode & 0o777).toBe(0o700);
  });

  test("of a server that was killed is replaced", async () => {
    await using stage = await openStage();
    const path = join(stage.folder, "old.sock");
    const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    const { signal } = new AbortController();
    await readProgram({ command: [process.execPath, "-e", script], signal, timeoutMs: 10_000 });
    expect((await stat(path)).isSocket()).toBe(true);

    await using fanout = await openFanout({ path, log: LOG });

    expect(fanout.figures.clientCount).toBe(0);
  });

  test("of a living server is left to it", async () => {
    await using stage = await openStage();

    await expect(openFanout({ path: stage.path, log: LOG })).rejects.toMatchObject({
      code: "AUDIO_SINK",
      message: expect.stringContaining("another program shares its sound there already."),
    });
    await using _still = await openSocket(stage.path);
  });

  test("that is another kind of file is not touched", async () => {
    await using stage = await openStage();
    const path = join(stage.folder, "notes.txt");
    await writeFile(path, "mine");

    await expect(openFanout({ path, log: LOG })).rejects.toThrow("there is a file that is no socket.");
    expect((await stat(path)).size).toBe(4);
  });

  test("with too long a path, or in a folder that cannot be, is refused in words", async () => {
    await using stage = await openStage();
    await mkdir(join(stage.folder, "x".repeat(100)));
    await writeFile(join(stage.folder, "file"), "");

    const long = join(stage.folder, "x".repeat(100), "sound.sock");
    await expect(openFanout({ path: long, log: LOG })).rejects.toThrow("longer than the 107 bytes");
    const inFile = join(stage.folder, "file", "sound.sock");
    await expect(openFanout({ path: inFile, log: LOG })).rejects.toMatchObject({ code: "AUDIO_SINK" });
    const inKernel = openFanout({ path: "/proc/none/deep/sound.sock", log: LOG });
    await expect(within(5_000, inKernel)).rejects.toMatchObject({ code: "AUDIO_SINK" });
  });

  test("is gone when the fan-out is closed", async () => {
    const stage = await openStage();
    await stage.fanout[Symbol.asyncDispose]();

    await expect(stat(stage.path)).rejects.toThrow("ENOENT");
    await stage[Symbol.asyncDispose]();
  });
});

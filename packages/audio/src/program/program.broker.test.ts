import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until, within } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import { type Program, startProgram } from "./program.ts";
import { readProgram } from "./read-program.ts";

const DEADLINE_MS = 10_000;

const shell = (script: string, pipes: readonly ("stdin" | "stdout")[] = [], signal = new AbortController().signal) =>
  startProgram({ command: ["sh", "-c", script], signal, pipes });

async function textOf(program: Program): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of program.stdout) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Whether any process of the program's group is left. */
function isGroupAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

const gone = (pid: number): Promise<unknown> => until(() => !isGroupAlive(pid));

describe("a program", () => {
  test("gives what it writes, and its end as a value", async () => {
    await using program = await shell("echo out; echo err >&2; exit 3", ["stdout"]);

    expect(await textOf(program)).toBe("out\n");
    expect(await program.ended).toEqual({ kind: "exited", code: 3 });
    expect(program.lastLines).toEqual(["err"]);
  });

  test("that dies of a signal is told from one that was killed by us", async () => {
    await using own = await shell("kill -TERM $$");
    await using killed = await shell("sleep 1000");
    killed.kill();

    expect(await own.ended).toEqual({ kind: "signalled", signal: "SIGTERM" });
    expect(await killed.ended).toEqual({ kind: "killed" });
  });

  test("takes what is written to it, until its input is closed", async () => {
    await using program = await shell("cat", ["stdin", "stdout"]);

    expect(await program.write(Buffer.from("hello "))).toBe(true);
    expect(await program.write(Buffer.from("world"))).toBe(true);
    program.closeInput();

    expect(await textOf(program)).toBe("hello world");
    expect(await program.write(Buffer.from("late"))).toBe(false);
  });

  test("is held up by a reader that does not read, and its memory is bounded", async () => {
    await using program = await shell("head -c 50000000 /dev/zero; echo done >&2", ["stdout"]);
    const reader = program.stdout[Symbol.asyncIterator]();
    await reader.next();
    const before = process.memoryUsage().arrayBuffers;

    await using busy = await shell("head -c 50000000 /dev/zero >/dev/null");
    await busy.ended;

    expect(program.lastLines).toEqual([]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });

  test("that does not read holds up whoever writes, until it is killed", async () => {
    await using program = await shell("sleep 1000", ["stdin"]);
    const written: boolean[] = [];
    const writing = (async () => {
      while (await program.write(Buffer.alloc(65_536))) written.push(true);
    })();
    await using other = await shell("head -c 10000000 /dev/zero >/dev/null");
    await other.ended;

    program.kill();
    await within(DEADLINE_MS, writing);

    expect(written.length).toBeLessThan(100);
  });

  test("that closes its input early makes a write false, and nothing is thrown", async () => {
    await using program = await shell("exec 0<&-; echo closed; exec sleep 1000", ["stdin", "stdout"]);
    await program.stdout[Symbol.asyncIterator]().next();

    const outcome = async (): Promise<boolean> => !(await program.write(Buffer.alloc(1_000)));

    expect(await until(outcome)).toBe(true);
  });

  test("keeps only its last words", async () => {
    await using program = await shell("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done >&2");
    await program.ended;

    expect(program.lastLines.length).toBe(20);
    expect(program.lastLines.at(-1)).toBe("line 499");
  });
});

describe("the process group of a program", () => {
  test("is killed with the owner's signal, children and a stopped program included", async () => {
    const owner = new AbortController();
    const program = await shell("sleep 1000 & sleep 1001 & kill -STOP $$; wait", [], owner.signal);

    owner.abort();

    expect(await within(DEADLINE_MS, program.ended)).toEqual({ kind: "killed" });
    await gone(program.pid);
  });

  test("ends with the program, so that nothing stays behind", async () => {
    const program = await shell("sleep 1000 & exit 0", ["stdout"]);

    expect(await textOf(program)).toBe("");
    expect(await program.ended).toEqual({ kind: "exited", code: 0 });
    await gone(program.pid);
  });

  test("ends with the process that started it", async () => {
    const door = new URL("./program.ts", import.meta.url);
    const script = `
      import { startProgram } from ${JSON.stringify(door.href)};
      const signal = new AbortController().signal;
      const { pid } = await startProgram({ command: ["sh", "-c", "sleep 1000 & sleep 1000"], signal, pipes: [] });
      console.log(pid);
      process.exit(0);`;
    const command = [process.execPath, "--conditions=ts-tars-source", "--input-type=module", "-e", script] as const;
    const reading = await readProgram({ command, signal: new AbortController().signal, timeoutMs: DEADLINE_MS });

    const pid = Number(reading.output);
    expect(pid).toBeGreaterThan(1);
    await gone(pid);
  });

  test("is not started for an owner that has ended already", async () => {
    const reason = new Error("over");

    await expect(shell("exit 0", [], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe("a program that cannot be started", () => {
  const start = (name: string): Promise<Program> =>
    startProgram({ command: [name], signal: new AbortController().signal, pipes: [] });

  test("is told by its name, with the line that installs it", async () => {
    await expect(start("no-such-program")).rejects.toMatchObject({
      code: "AUDIO_PROGRAM",
      reason: "not_found",
      message: 'There is no program "no-such-program" on this machine.',
      remedy: 'Install "no-such-program", or correct its name in the settings.',
    });
  });

  test("because it may not be run is told so", async () => {
    const folder = await mkdtemp(join(tmpdir(), "program-"));
    const file = join(folder, "player");
    await writeFile(file, "#!/bin/sh\n");
    await chmod(file, 0o644);

    await expect(start(file)).rejects.toMatchObject({ code: "AUDIO_PROGRAM", reason: "not_executable" });
    await rm(folder, { recursive: true });
  });
});

describe("a short program", () => {
  const read = (script: string, timeoutMs = DEADLINE_MS) =>
    readProgram({ command: ["sh", "-c", script], signal: new AbortController().signal, timeoutMs });

  test("is read to its end", async () => {
    expect(await read("echo list; echo warning >&2; exit 1")).toEqual({
      end: { kind: "exited", code: 1 },
      output: "list\n",
      lastLines: ["warning"],
    });
  });

  test("that takes too long is killed", async () => {
    expect((await read("echo begun; sleep 1000", 200)).end).toEqual({ kind: "killed" });
  });

  test("that says too much is cut", async () => {
    expect((await read("yes")).output.length).toBe(256 * 1_024);
  });
});

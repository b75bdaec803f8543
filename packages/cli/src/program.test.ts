import { CommanderError } from "commander";
import { expect, test } from "vitest";
import type { Context } from "./context.ts";
import { EXIT } from "./exit-code.ts";
import { createProgram } from "./program.ts";

/** Reads a command line as `tars` would, without a world: what it printed, and how the command ended. */
async function read(...args: readonly string[]) {
  let printed = "";
  const outcomes: unknown[] = [];
  const context: Context = {
    env: { TARS_CONFIG: "", XDG_CONFIG_HOME: "/nonexistent", XDG_RUNTIME_DIR: "/nonexistent" },
    readText: () => "",
    readInput: async () => "",
    stop: new AbortController().signal,
    out: (text) => {
      printed += text;
    },
    err: (text) => {
      printed += text;
    },
    hasColour: false,
    pid: 1,
    isAlive: () => false,
  };
  const program = createProgram(context, async (outcome) => {
    outcomes.push(await outcome.catch((error: unknown) => error));
  });
  const refusal = await program.parseAsync(["node", "tars", ...args]).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { printed, refusal, outcomes };
}

test.each([
  ["an unknown option", ["--no-such-option"]],
  ["an unknown command", ["no-such-command"]],
  ["a question without words", ["ask"]],
  ["a count that is no number", ["tail", "--count", "none"]],
  ["a time that is not above 0", ["ask", "--timeout", "0", "hello"]],
  ["a way to speak that there is none", ["ask", "--speak", "loudly", "hello"]],
  ["a room that no topic can name", ["listen", "--site", "no/room"]],
  ["more words than a command takes", ["health", "router"]],
])("%s is refused with a word on what is wrong", async (_what, args) => {
  const { refusal, printed } = await read(...args);

  expect(refusal).toBeInstanceOf(CommanderError);
  expect(printed).toContain("error: ");
});

test("a word that a command cannot use is answered with the way to that command's help", async () => {
  expect((await read("ask")).printed).toContain("tars ask --help");
  expect((await read("dead", "show")).printed).toContain("tars dead show --help");
});

test.each([
  ["up"],
  ["ask"],
  ["say"],
  ["tail"],
  ["health"],
  ["dead"],
  ["dead replay"],
  ["doctor"],
  ["config"],
  ["config set"],
  ["config get"],
  ["hear"],
  ["listen"],
  ["mic"],
  ["audio test"],
])("tars %s takes --json and --url, and says so in its help", async (command) => {
  const { printed } = await read(...command.split(" "), "--help");

  expect(printed).toContain("--json");
  expect(printed).toContain("--url <url>");
});

test("options of a subcommand may stand before or behind it", async () => {
  const before = await read("dead", "--url", "nonsense", "list");
  const behind = await read("dead", "list", "--url", "nonsense");

  expect(before.outcomes).toEqual([expect.objectContaining({ name: "ConfigurationError" })]);
  expect(behind.outcomes).toEqual(before.outcomes);
});

test("the words of a question need no quotes", async () => {
  const { outcomes } = await read("ask", "what", "time", "is", "it");

  expect(outcomes).toEqual([expect.objectContaining({ name: "NothingRunsError" })]);
});

test("config prints every setting, and ends well when none is wrong", async () => {
  const { outcomes, printed } = await read("config", "--json");

  expect(outcomes).toEqual([EXIT.ok]);
  expect(JSON.parse(printed)).toMatchObject({
    problems: [],
    settings: expect.arrayContaining([expect.objectContaining({ variable: "MQTT_URL", from: "default" })]),
  });
});

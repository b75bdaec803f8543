import { plantedSecret } from "@ts-tars/harness";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PlannedChange, planChange } from "./change-settings.ts";
import { defineConfig } from "./define.ts";
import { field } from "./field.ts";
import { parseConfigFile } from "./file.ts";
import { examineConfig, readConfig } from "./read.ts";
import { parrotConfig } from "./settings.fixture.ts";

const SECRET = plantedSecret("sunflower");

const fileOf = (text: string) => parseConfigFile(text, { path: "/etc/tars.yaml" }).file;

interface World {
  /** The file as it is now. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: Readonly<Record<string, string>>;
  /** The file as the running service has read it; default: as it is now. */
  readonly started?: string;
}

function plan(values: Readonly<Record<string, unknown>>, world: World = {}): PlannedChange {
  const { file = "", env = {}, flags = {}, started = file } = world;
  const running = readConfig(parrotConfig, { env, flags, file: fileOf(started) }).values;
  return planChange({ definition: parrotConfig, values, running, sources: { env, flags, file: fileOf(file) } });
}

function accepted(change: PlannedChange): PlannedChange & { kind: "accepted" } {
  if (change.kind === "refused") throw new Error(JSON.stringify(change.problems));
  return change;
}

const problemsOf = (change: PlannedChange) => (change.kind === "refused" ? change.problems : []);

describe("a change", () => {
  test.each([
    ["greeting", "Ahoy.", "Ahoy."],
    ["server_url", "http://box:8080/v1", "http://box:8080/v1"],
    ["max_delay_sec", "2.5", 2.5],
    ["perches", 4, 4],
    ["is_loud", "on", true],
    ["mood", "WILD", "wild"],
    ["words", "ahoy| matey", ["ahoy", "matey"]],
    ["words", ["ahoy"], ["ahoy"]],
    ["api_key", SECRET, SECRET],
  ])("of %s to %j is written as what it means: %j", (key, value, written) => {
    expect(accepted(plan({ [key]: value })).edits).toEqual([{ section: "parrot", key, value: written }]);
  });

  test.each([
    ["perches", "many", 'perches is "many": it must be a whole number in 1 … 9.'],
    ["perches", 10, 'perches is "10": it must be a whole number in 1 … 9.'],
    ["perches", { deep: 1 }, 'perches is "{"deep":1}": it must be a whole number in 1 … 9.'],
    ["max_delay_sec", "61", 'max_delay_sec is "61": it must be a number in 0 … 60 (s).'],
    ["is_loud", "maybe", 'is_loud is "maybe": it must be true, 1, yes, on, or false, 0, no, off.'],
    ["mood", "sad", 'mood is "sad": it must be one of calm, wild.'],
    [
      "server_url",
      `ftp://me:${SECRET}@host`,
      'server_url is "ftp://me:***@host": it must be a URL that begins with http:// or https://.',
    ],
    ["api_key", [SECRET], "api_key: it must be one line of text."],
    ["pearches", 4, '"pearches" is not a setting of parrot. Did you mean perches?'],
    ["minDelaySec", 4, '"minDelaySec" is not a setting of parrot. Did you mean min_delay_sec?'],
    ["api_key_file", "/run/key", '"api_key_file" is not a setting of parrot.'],
    ["__proto__", 1, '"__proto__" is not a setting of parrot.'],
  ])("of %s to %j is refused in a sentence", (key, value, problem) => {
    const values: unknown = JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`);
    expect(problemsOf(plan(values as Record<string, unknown>))).toEqual([{ key, problem }]); // made an object above
  });

  test("with one problem changes nothing, and tells every problem", () => {
    const change = plan({ perches: 4, mood: "sad", is_loud: "maybe" });

    expect(problemsOf(change).map(({ key }) => key)).toEqual(["mood", "is_loud"]);
  });

  test.each([
    ["perches", { env: { PARROT_PERCHES: "2" } }, "PARROT_PERCHES in the environment of parrot"],
    ["perches", { flags: { perches: "2" } }, "--perches on the command line of parrot"],
    ["api_key", { env: { SEED_API_KEY: SECRET } }, "SEED_API_KEY in the environment of parrot"],
  ])("of %s, which something else fixes, is refused with the name of what wins", (key, world, place) => {
    const change = plan({ [key]: null }, world);

    expect(problemsOf(change)).toEqual([{ key, problem: `${key} is fixed by ${place}, which wins: change it there.` }]);
  });

  test("of what belongs to all services is refused with what to do instead", () => {
    const change = planChange({
      definition: parrotConfig,
      values: { "mqtt.url": "mqtt://box" },
      running: undefined,
      sources: { file: fileOf("") },
      elsewhere: new Map([["mqtt.url", "Set it in the file."]]),
    });

    expect(problemsOf(change)).toEqual([{ key: "mqtt.url", problem: "Set it in the file." }]);
  });

  test.each([
    [{ perches: 4 }, "", false],
    [{ api_key: SECRET }, "", true],
    [{ perches: 4 }, `parrot:\n  api_key: ${SECRET}\n`, true],
    [{ api_key: null }, `parrot:\n  api_key: ${SECRET}\n`, false],
    [{ perches: 4 }, `owl:\n  api_key: ${SECRET}\n`, false],
  ])("%j in the file %j: a secret of the service is in it then: %s", (values, file, holdsSecret) => {
    expect(accepted(plan(values, { file })).holdsSecret).toBe(holdsSecret);
  });

  test("of what the file says already writes nothing", () => {
    const file = `parrot:\n  perches: 4\n  words: [a, b]\n  api_key: ${SECRET}\n`;

    expect(accepted(plan({ perches: "4", words: "a|b", api_key: SECRET, mood: null }, { file })).edits).toEqual([]);
  });
});

describe("back to the default", () => {
  test.each([null, "", "  "])("is what %j means: the key is taken out of the file", (nothing) => {
    const file = "parrot:\n  perches: 4\n";

    const { edits, saved } = accepted(plan({ perches: nothing }, { file }));

    expect(edits).toEqual([{ section: "parrot", key: "perches", value: undefined }]);
    expect(saved.values["perches"]).toBe(3);
  });

  test("a setting that is required cannot go", () => {
    const owl = defineConfig({
      name: "owl",
      prefix: "OWL",
      fields: { tree: field.text({ doc: "Where it sits.", required: true }) },
    });
    const file = fileOf("owl:\n  tree: oak\n");

    const change = planChange({
      definition: owl,
      values: { tree: null },
      running: undefined,
      sources: { file },
    });

    expect(problemsOf(change)).toEqual([
      { key: "tree", problem: "tree is required, so it cannot be unset: Where it sits." },
    ]);
  });

  test("the file of a secret goes with the secret, and makes room for a new one", () => {
    const file = "parrot:\n  api_key_file: /run/key\n";
    const readText = () => SECRET;
    const running = readConfig(parrotConfig, { file: fileOf(file), readText }).values;
    const change = (value: unknown) =>
      accepted(
        planChange({
          definition: parrotConfig,
          values: { api_key: value },
          running,
          sources: { file: fileOf(file), readText },
        }),
      ).edits;

    expect(change(null)).toEqual([{ section: "parrot", key: "api_key_file", value: undefined }]);
    expect(change("rose")).toEqual([
      { section: "parrot", key: "api_key", value: "rose" },
      { section: "parrot", key: "api_key_file", value: undefined },
    ]);
  });
});

describe("a rule over several settings", () => {
  const RULE = "min_delay_sec, max_delay_sec: the shortest wait is longer than the longest.";

  test("is kept by what will be saved, and told at each wished key", () => {
    expect(problemsOf(plan({ min_delay_sec: 6 }))).toEqual([{ key: "min_delay_sec", problem: RULE }]);
    expect(problemsOf(plan({ min_delay_sec: 6, max_delay_sec: 5.5 })).map(({ key }) => key)).toEqual([
      "min_delay_sec",
      "max_delay_sec",
    ]);
    expect(accepted(plan({ min_delay_sec: 6, max_delay_sec: 7 })).edits).toHaveLength(2);
  });

  test("is kept by what runs: a live value that needs one of the next start waits with it", () => {
    expect(accepted(plan({ min_delay_sec: 6, max_delay_sec: 7, perches: 4 })).live).toEqual(["perches"]);
    expect(accepted(plan({ min_delay_sec: 4 })).live).toEqual(["minDelaySec"]);
  });

  test("looks at the file as it is now, not as it was at the start", () => {
    const file = "parrot:\n  max_delay_sec: 50\n";

    expect(accepted(plan({ min_delay_sec: 6 }, { file, started: "" })).live).toEqual([]);
  });

  test("waits until what a person broke in the file is mended, and the mending is taken", () => {
    const file = "parrot:\n  max_delay_sec: soon\n";

    expect(accepted(plan({ min_delay_sec: 6 }, { file, started: "" })).edits).toHaveLength(1);
    expect(accepted(plan({ max_delay_sec: 7 }, { file, started: "" })).edits).toHaveLength(1);
  });
});

test("live settings take effect now, the others at the next start, and with nothing running none does", () => {
  const wished = { greeting: "Ahoy.", mood: "wild", is_loud: true };

  expect(accepted(plan(wished)).live).toEqual(["greeting", "isLoud"]);
  const idle = planChange({
    definition: parrotConfig,
    values: wished,
    running: undefined,
    sources: { file: fileOf("") },
  });
  expect(accepted(idle).live).toEqual([]);
});

describe("whatever is wished", () => {
  const keys = fc.constantFrom(
    "greeting",
    "server_url",
    "min_delay_sec",
    "max_delay_sec",
    "perches",
    "is_loud",
    "mood",
    "words",
    "api_key",
    "nonsense",
  );
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.integer({ min: -1, max: 62 }),
    fc.constantFrom("on", "wild", "http://box", "0.5", "a|b", null),
  );
  const wishes = fc.dictionary(keys, values, { maxKeys: 5 });

  test("what is accepted is read at the next start without a problem, and is what was planned", () => {
    let acceptedCount = 0;
    fc.assert(
      fc.property(wishes, (wished) => {
        const change = plan(wished);
        if (change.kind === "refused") return;
        acceptedCount += 1;
        const section = Object.fromEntries(
          change.edits.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])),
        );
        const examined = examineConfig(parrotConfig, { file: fileOf(JSON.stringify({ parrot: section })) });
        expect(examined).toMatchObject({ ok: true, warnings: [] });
        expect(examined.ok && JSON.stringify(examined.reading.values)).toBe(JSON.stringify(change.saved.values));
      }),
      { numRuns: 2_000 },
    );
    expect(acceptedCount).toBeGreaterThan(100);
  });

  test("what is refused has a problem for a wished key each, in at most 500 characters", () => {
    fc.assert(
      fc.property(wishes, (wished) => {
        for (const { key, problem } of problemsOf(plan(wished))) {
          expect(Object.keys(wished)).toContain(key);
          expect(problem.length).toBeLessThanOrEqual(500);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("what takes effect now keeps every rule beside what runs", () => {
    fc.assert(
      fc.property(wishes, (wished) => {
        const change = plan(wished);
        if (change.kind === "refused") return;
        const { minDelaySec, maxDelaySec } = readConfig(parrotConfig, {}).values;
        const min = change.live.includes("minDelaySec") ? change.saved.values["minDelaySec"] : minDelaySec;
        expect(min).toBeLessThanOrEqual(maxDelaySec);
      }),
      { numRuns: 500 },
    );
  });

  test("no problem repeats the value of a secret", () => {
    const secrets = fc.oneof(fc.constant([SECRET]), fc.constant({ key: SECRET }), fc.constant(SECRET));
    fc.assert(
      fc.property(wishes, secrets, (wished, secret) => {
        const change = plan({ ...wished, api_key: secret, mood: "sad" });
        expect(JSON.stringify(problemsOf(change))).not.toContain(SECRET);
        expect(problemsOf(change).length).toBeGreaterThan(0);
      }),
    );
  });
});

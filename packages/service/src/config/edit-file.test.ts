import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import type { FileEdit } from "./change-settings.ts";
import { editConfigText } from "./edit-file.ts";
import { parseConfigFile } from "./file.ts";

const PATH = "/etc/tars.yaml";
const edit = (text: string, ...edits: readonly FileEdit[]) => editConfigText(text, edits, { path: PATH });
const set = (section: string, key: string, value: FileEdit["value"]): FileEdit => ({ section, key, value });

const WRITTEN = `# My robot.
mqtt:
  url: mqtts://hub.local # the hub in the cellar

# How it speaks.
tts-worker:
  # Not at night.
  volume: 0.80 # was 1
  engine: "flite"

  lang: en
`;

test("comments, order, blank lines and everything else stay as they were", () => {
  expect(edit(WRITTEN, set("tts-worker", "volume", 0.5), set("tts-worker", "sink", "wav"))).toEqual({
    ok: true,
    text: `${WRITTEN.replace("0.80", "0.5")}  sink: wav
`,
  });
});

test.each([
  ["an empty file", "", "parrot:\n  perches: 4\n"],
  ["a file of comments", "# Nothing yet.\n", "# Nothing yet.\n\nparrot:\n  perches: 4\n"],
  ["an empty section", "parrot:\nowl:\n  tree: oak\n", "parrot:\n  perches: 4\nowl:\n  tree: oak\n"],
  ["a section without a word", "parrot: {}\n", "parrot:\n  perches: 4\n"],
  ["another section", "owl:\n  tree: oak\n", "owl:\n  tree: oak\nparrot:\n  perches: 4\n"],
])("%s takes a first setting", (_what, before, after) => {
  expect(edit(before, set("parrot", "perches", 4))).toEqual({ ok: true, text: after });
});

test("texts that look like something else are quoted, and long ones stay on their line", () => {
  const long = "word ".repeat(60).trim();

  expect(edit("", set("parrot", "hours", "12"), set("parrot", "mood", "true"), set("parrot", "persona", long))).toEqual(
    {
      ok: true,
      text: `parrot:\n  hours: "12"\n  mood: "true"\n  persona: ${long}\n`,
    },
  );
});

test("what is taken out is gone, and a section with nothing left goes with it", () => {
  const text = "parrot:\n  perches: 4\n  mood: wild\nowl:\n  tree: oak\n";

  expect(edit(text, set("parrot", "perches", undefined))).toMatchObject({ text: text.replace("  perches: 4\n", "") });
  expect(edit(text, set("owl", "tree", undefined))).toMatchObject({ text: text.replace("owl:\n  tree: oak\n", "") });
  expect(edit(text, set("owl", "age", undefined))).toEqual({ ok: true, text });
});

test("an anchor on the old value does not carry the change to its aliases", () => {
  const text = "parrot:\n  perches: &n 4\nowl:\n  perches: *n\n";

  const edited = edit(text, set("parrot", "perches", 5));

  expect(edited).toEqual({
    ok: false,
    problem: expect.stringMatching(/^\/etc\/tars\.yaml cannot be changed without/u),
  });
});

test.each(['parrot:\n  mood: "open\n', "- a\n", "url: mqtt://box\n", "parrot:\n  a: 1\n  a: 2\n"])(
  "a file that is broken (%j) is refused with its line, and not repeated",
  (text) => {
    expect(edit(text, set("parrot", "perches", 4))).toEqual({
      ok: false,
      problem: expect.stringMatching(/^\/etc\/tars\.yaml:\d+:\d+: .* Mend the file first\.$/u),
    });
  },
);

const names = fc.constantFrom("parrot", "owl", "wren");
const keys = fc.constantFrom("perches", "mood", "words", "api_key");
const values = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.constantFrom("yes", "null", "~", "0x10", "1e3", "# no comment", "a: b", "- a", "line\nline", " spaces ", "'", '"'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
  fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
);
const edits = fc.array(fc.record({ section: names, key: keys, value: fc.option(values, { nil: undefined }) }), {
  maxLength: 4,
});

test("whatever is set in whatever file, it is read as it was wished, and everything else as before", () => {
  const files = fc.dictionary(names, fc.dictionary(keys, values, { minKeys: 1 })).map((all) => stringify(all));
  let takenOut = 0;
  fc.assert(
    fc.property(files, edits, (text, wished) => {
      const edited = edit(text, ...wished);

      const read = (from: string): Map<string, unknown> =>
        new Map(
          [...parseConfigFile(from, { path: PATH }).file.sections].flatMap(([section, entries]) =>
            [...entries].map(([key, { value }]) => [`${section}.${key}`, value] as const),
          ),
        );
      const expected = read(text);
      for (const { section, key, value } of wished) {
        if (value === undefined) takenOut += Number(expected.delete(`${section}.${key}`));
        else expected.set(`${section}.${key}`, value);
      }
      expect(edited.ok).toBe(true);
      expect(edited.ok && Object.fromEntries(read(edited.text))).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: 200 },
  );
  expect(takenOut).toBeGreaterThan(10);
});

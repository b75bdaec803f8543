import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const readme = read("packages/mqtt/README.md");

/** The text of one chapter. */
const chapter = (heading: string): string => readme.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
/** What stands between backticks in the first cells of a text's tables. */
const namesOf = (text: string): readonly string[] =>
  [...text.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
/** The members of an interface, at its own level. */
const membersOf = (source: string, name: string): readonly string[] => {
  const body = source.split(`export interface ${name} {\n`)[1]?.split("\n}\n")[0] ?? "";
  return [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, member = ""]) => member);
};
/** The names of all measurements in product code. */
const measured = (): readonly string[] => {
  const paths = globSync("packages/mqtt/src/**/*.ts").filter((path) => !/\.(test|fixture)\.ts$/.test(path));
  const calls = paths.flatMap((path) => [...read(path).matchAll(/meter\.(?:count|gauge|duration)\(\s*"(\w+)"/g)]);
  return [...new Set(calls.map(([, name = ""]) => name))];
};

describe("the tables of the README", () => {
  it("list every option of connect and of subscribe, and no others", () => {
    const options = [
      ...membersOf(read("packages/mqtt/src/options.ts"), "ConnectOptions"),
      ...membersOf(read("packages/mqtt/src/api.ts"), "SubscribeOptions"),
    ];

    expect(options.length).toBeGreaterThan(30);
    expect(namesOf(chapter("Options")).toSorted()).toEqual(options.toSorted());
  });

  it("list every error as docs/errors.md does", () => {
    const rowsOf = (text: string): readonly string[] => text.split("\n").filter((line) => line.startsWith("| `MQTT_"));

    expect(rowsOf(chapter("Errors")).length).toBeGreaterThan(10);
    expect(rowsOf(chapter("Errors"))).toEqual(rowsOf(read("docs/errors.md")));
  });

  it("list every counter, gauge and duration that the client has", () => {
    const listed = [...chapter("Recipes").matchAll(/^\| `on(?:Counter|Gauge|Duration)` \| (.+) \|$/gm)].flatMap(
      ([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
    );

    expect(listed.toSorted()).toEqual(measured().toSorted());
  });
});

import { plantedSecret } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { parseConfigFile } from "./file.ts";

const SECRET = plantedSecret("sunflower");

const parse = (text: string) => parseConfigFile(text, { path: "/etc/tars.yaml" });

test("sections and keys are read with the line they stand on", () => {
  const { file, problems } = parse("# mine\nmqtt:\n  url: mqtt://box\n\nrouter:\n  words: [a, b]\n");

  expect(problems).toEqual([]);
  expect(file.sections.get("mqtt")?.get("url")).toEqual({ value: "mqtt://box", line: 3 });
  expect(file.sections.get("router")?.get("words")).toEqual({ value: ["a", "b"], line: 6 });
});

test.each(["", "# nothing yet\n", "router:\n"])("%j is a file that sets nothing", (text) => {
  const { file, problems } = parse(text);

  expect(problems).toEqual([]);
  expect([...file.sections.values()].flatMap((section) => [...section])).toEqual([]);
});

test("malformed YAML is a problem with line and column", () => {
  const { problems } = parse('router:\n  a: "open\n');

  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^\/etc\/tars\.yaml:\d+:\d+: not valid YAML: /u);
});

test("a key given twice is a problem, not a surprise", () => {
  expect(parse("router:\n  a: 1\n  a: 2\n").problems[0]).toMatch(/^\/etc\/tars\.yaml:3:3: .*unique/u);
});

test("a setting outside a section is a problem that names it", () => {
  expect(parse("url: mqtt://box\n").problems).toEqual([
    '/etc/tars.yaml:1:1: "url" must be a section with settings below it.',
  ]);
});

test("a file that is a list is a problem", () => {
  expect(parse("- a\n").problems).toEqual([
    '/etc/tars.yaml:1:1: the file must consist of sections, such as "router:" with its settings below.',
  ]);
});

test("the problem of a broken line does not repeat what stands on it", () => {
  const { problems } = parse(`llm:\n  api_key: "${SECRET}\n`);

  expect(problems.join()).not.toContain(SECRET);
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readBlocks, talkingTo } from "./blocks.ts";

const MQTT = new URL("../../packages/mqtt/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, MQTT), "utf8");

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

describe("the blocks of a README", () => {
  it("are found with their file, their end and what they print", () => {
    const markdown = [
      "<!-- examples/one.ts -->",
      fence("ts", "one();"),
      "",
      fence("text", "1\n2"),
      "words",
      fence("sh", "ls"),
      "<!-- examples/two.ts, until SIGTERM -->",
      "",
      fence("ts", "two();"),
    ].join("\n");

    const blocks = readBlocks(markdown);

    expect(blocks).toEqual([
      { file: "one.ts", line: 2, code: "one();\n", ends: "by itself", prints: "1\n2\n" },
      { file: "two.ts", line: 16, code: "two();\n", ends: "at SIGTERM", prints: undefined },
    ]);
  });

  it("print nothing known when words stand between a program and a text", () => {
    const markdown = ["<!-- examples/one.ts -->", fence("ts", "one();"), "", "words", fence("text", "1")].join("\n");

    expect(readBlocks(markdown)[0]?.prints).toBeUndefined();
  });

  it("are refused without a directive, with the line", () => {
    expect(() => readBlocks(`words\n${fence("ts", "one();")}`)).toThrow("Line 2: a ts block needs");
  });

  it("are refused when two are the same example", () => {
    const one = `<!-- examples/one.ts -->\n${fence("ts", "one();")}\n`;

    expect(() => readBlocks(one + one)).toThrow("one.ts stands in the README twice");
  });

  it("are refused when a block has no end", () => {
    expect(() => readBlocks("```ts\none();")).toThrow("Line 1: the block has no end.");
  });

  it("talk to the broker that they are given, and to no other", () => {
    const url = "mqtt://127.0.0.1:9";

    expect(talkingTo(url, 'connect({ url: "mqtt://localhost" })')).toBe(`connect({ url: "${url}" })`);
    expect(() => talkingTo(url, 'connect({ url: "mqtt://elsewhere" })')).toThrow("something else");
  });
});

describe("the README of @ts-tars/mqtt", () => {
  const blocks = readBlocks(read("README.md"));

  it.each(blocks.map(({ file, code }) => [file, code]))("shows the example %s as it is", (file, code) => {
    expect(code).toBe(read(`examples/${file}`));
  });

  it("shows every example", () => {
    expect(blocks.map(({ file }) => file).toSorted()).toEqual(readdirSync(new URL("examples", MQTT)).toSorted());
  });
});

import { expect, test } from "vitest";
import { renderTable } from "./table.ts";

test("columns are as wide as their widest cell, and no line ends in spaces", () => {
  expect(
    renderTable(
      ["service", "pid", "note"],
      [
        ["router", "7", ""],
        ["tts-worker", "1234", "läuft"],
      ],
    ),
  ).toBe(["service     pid   note", "router      7", "tts-worker  1234  läuft"].join("\n"));
});

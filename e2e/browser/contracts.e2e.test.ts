/** `@ts-tars/mqtt/contract` and `@ts-tars/contracts` in a browser, as its page has them: bundled, and without `eval`. */
import { gzipSync } from "node:zlib";
import { CATALOGUE } from "@ts-tars/contracts";
import { recorder } from "@ts-tars/harness";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { MISSING, openChromium } from "./chromium.ts";
import { examine } from "./examine.ts";
import { readGoldenExamples } from "./golden.ts";
import type { PageReport } from "./page.ts";
import { servePage } from "./page-server.ts";

const LOAD_LIMIT_MS = 30_000;

const golden = readGoldenExamples();
const examples = golden.map(({ example }) => example);

let script: string;
beforeAll(async () => {
  script = await bundle("./page.ts");
});

test("the bundle holds nothing of Node", () => {
  const gzipped = gzipSync(script).length;
  process.stdout.write(`contracts for a browser: ${script.length} bytes, ${gzipped} gzipped\n`);

  expect(script).not.toMatch(/["'`]node:/u);
  expect(script).toContain("system/health/{service}");
});

test("what reaches for Node is not bundled", async () => {
  await expect(bundle("./reaches-node.fixture.ts")).rejects.toThrow(/imports node:\w+, which is Node's/u);
});

describe("in Chromium", () => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (MISSING === undefined) browser = await openChromium();
  });
  afterAll(() => browser?.close());
  beforeEach((context) => context.skip(MISSING !== undefined, MISSING));

  function openPage(): Promise<Page> {
    if (browser === undefined) throw new Error("There is no browser.");
    return browser.newPage();
  }

  /** What the page told, and everything that it complained of. */
  async function visit(query: string): Promise<PageReport & { readonly complaints: readonly string[] }> {
    await using server = await servePage(script, examples);
    const page = await openPage();
    const complaints = recorder<string>();
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (line) => complaints.push(line.text()));
    await page.goto(`${server.url}${query}`);
    const report = await server.reports.until(() => true, { deadlineMs: LOAD_LIMIT_MS });
    await page.close();
    return { ...report, complaints: complaints.seen };
  }

  test("every golden example of every topic is read, sent and refused as in Node", async () => {
    const { outcomes } = await visit("");

    const rows = golden.map(({ example: { topic, why }, expected }, index) => ({
      ...{ topic, why, expected },
      browser: outcomes[index],
    }));
    expect(new Set(rows.map(({ topic }) => topic)).size).toBe(CATALOGUE.length);
    expect(outcomes).toEqual(examples.map(examine));
    for (const row of rows) expect(row).toMatchObject({ browser: row.expected });
  });

  test("a page whose policy forbids eval is not violated", async () => {
    const { violations, complaints } = await visit("");

    expect([violations, complaints]).toEqual([[], []]);
  });

  test("a page that does not tell zod hears of an attempt, and reads all the same", async () => {
    const { violations, outcomes } = await visit("?compiled");

    expect(violations).toEqual(["script-src eval"]);
    expect(outcomes).toEqual(examples.map(examine));
  });
});

import { Parser } from "@asyncapi/parser";
import { CATALOGUE } from "@ts-tars/contracts";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { documents, written, writtenSchemas } from "./documents.ts";

let all: ReadonlyMap<string, string>;
beforeAll(async () => {
  all = await documents();
});

const Document = z.object({
  channels: z.record(z.string(), z.object({ address: z.string(), "x-qos": z.number() })),
  operations: z.record(z.string(), z.object({ action: z.string() })),
});

describe("the documents of the topics", () => {
  it("are fresh: none of them says what the contracts do not say any more (mended by `npm run docs`)", () => {
    const stale = [...all].filter(([path, text]) => written(path) !== text).map(([path]) => path);

    expect(stale).toEqual([]);
    expect(writtenSchemas().filter((path) => !all.has(path))).toEqual([]);
  });

  it("are an AsyncAPI 3.0 document without an error, by its own parser", async () => {
    const { document, diagnostics } = await new Parser().parse(all.get("docs/asyncapi.yaml") ?? "");
    // 0 is an error, 1 a warning; hints about servers and contacts are for those who publish an API.
    const complaints = diagnostics
      .filter(({ severity }) => severity <= 1)
      .map(({ code, message, path }) => ({ code, message, path }));

    expect(complaints).toEqual([]);
    expect(document?.version()).toBe("3.0.0");
    expect(document?.channels().all().length).toBe(CATALOGUE.length);
  });

  it("have every topic with its quality of service, and every service's operations", () => {
    const { channels, operations } = Document.parse(parse(all.get("docs/asyncapi.yaml") ?? ""));

    expect(Object.values(channels).map(({ address }) => address)).toEqual(CATALOGUE.map(({ name }) => name));
    expect(Object.values(channels).map((channel) => channel["x-qos"])).toEqual(
      CATALOGUE.map(({ delivery }) => (delivery === "stream" ? 0 : 1)),
    );
    expect(operations["router.send.tts.say"]).toMatchObject({ action: "send" });
    expect(operations["tts-worker.receive.tts.say"]).toMatchObject({ action: "receive" });
  });

  it("say of each topic who says it to whom, and describe its members", () => {
    const page = all.get("docs/topics.md") ?? "";

    for (const { name } of CATALOGUE) expect(page).toContain(`\n## ${name}\n`);
    expect(page).toContain("| `spoken_ratio` | number, 0 … 1 | How much of the sentence sounded; 0 if it never did. |");
  });
});

/** The figures of a whole robot, read at the addresses that `tars up` prints. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTarsHome, type TarsHome } from "./tars-home.fixture.ts";

let site: TarsHome;
beforeEach(() => {
  site = openTarsHome();
});
afterEach(() => site[Symbol.asyncDispose]());

const PRINTED = /figures of (?<service>\S+): (?<url>http:\S+)/gu;

/** Service and address, as they were printed. */
function printed(text: string): readonly (readonly [service: string, url: string])[] {
  return [...text.matchAll(PRINTED)].map(({ groups = {} }) => [groups["service"] ?? "", groups["url"] ?? ""]);
}

test.each([
  ["in processes of their own", []],
  ["all in one process", ["--in-process"]],
])("tars up --metrics prints where the figures of each service are, %s", async (_how, flags) => {
  const up = await site.startUp({ TARS_BROKER: "embedded" }, "--metrics", "0", ...flags);

  const addresses = printed(up.said());
  const texts = await Promise.all(addresses.map(async ([, url]) => await (await fetch(url)).text()));

  const services = addresses.map(([service]) => service);
  expect(services.toSorted()).toEqual(Object.keys(site.runFile().services).toSorted());
  expect(new Set(addresses.map(([, url]) => url)).size).toBe(services.length);
  expect(texts.map((text) => /^ts_tars_service_healthy\{service="(.+)"\} 1$/mu.exec(text)?.[1])).toEqual(services);
});

test("without --metrics nothing is measured", async () => {
  const up = await site.startUp({ TARS_BROKER: "embedded" }, "--in-process");

  expect(printed(up.said())).toEqual([]);
  expect(up.said()).not.toContain("figures");
});

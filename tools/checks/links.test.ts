import { expect, test } from "vitest";
import { checkLinks } from "./links.ts";
import { placesOf, worldOf } from "./world.fixture.ts";

test("links to missing files and headings are refused, with their line", () => {
  const world = worldOf({
    "README.md": "[a](docs/a.md)\n[b](docs/b.md#the-parts)\n[c](docs/b.md#none) [d](#here)\n# Here",
    "docs/b.md": "## The parts!",
  });

  expect(placesOf(checkLinks(world))).toEqual(["README.md:1", "README.md:3"]);
});

test("addresses of the web and code are not followed", () => {
  const world = worldOf({ "README.md": "[a](https://example.org)\n`[b](nowhere.md)`\n```\n[c](nowhere.md)\n```\n" });

  expect(checkLinks(world)).toEqual([]);
});

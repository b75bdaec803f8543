import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["ts-tars-source"] },
  ssr: { resolve: { conditions: ["ts-tars-source"], externalConditions: ["ts-tars-source"] } },
  test: {
    include: ["{packages,services}/*/src/**/*.test.ts", "{e2e,bench,tools}/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
  },
});

/** The settings of a bird, one of each kind, for the tests of changing them. */
import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

export const parrotConfig = defineConfig({
  name: "parrot",
  prefix: "PARROT",
  fields: {
    greeting: field.text({ doc: "What it says first.", default: "Hello.", live: true }),
    serverUrl: field.url({ doc: "Where it asks." }),
    minDelaySec: field.number({ doc: "Shortest wait.", unit: "s", min: 0, max: 60, default: 0.5, live: true }),
    maxDelaySec: field.number({ doc: "Longest wait.", unit: "s", min: 0, max: 60, default: 5 }),
    perches: field.int({ doc: "How many perches.", min: 1, max: 9, default: 3, live: true }),
    isLoud: field.bool({ doc: "Whether it shouts.", default: false, live: true }),
    mood: field.choice({ doc: "How it feels.", choices: ["calm", "wild"], default: "calm" }),
    words: field.list({ doc: "What it knows.", default: ["hello"], separator: "|" }),
    apiKey: field.secret({ doc: "Its key.", env: "SEED_API_KEY" }),
  },
  checks: [
    {
      of: ["minDelaySec", "maxDelaySec"],
      problem: ({ minDelaySec, maxDelaySec }) =>
        minDelaySec > maxDelaySec ? "the shortest wait is longer than the longest." : undefined,
    },
  ],
});

import { defineConfig, field, type Values } from "@ts-tars/service";

/** Every setting of the sample-service. */
export const sampleServiceConfig = defineConfig({
  name: "sample-service",
  prefix: "SAMPLE_SERVICE",
  fields: {
    showEvery: field.int({
      doc: "How many answers lie between two updates of the figures.",
      unit: "answers",
      min: 1,
      max: 1_000,
      default: 1,
    }),
  },
});

export type SampleServiceConfig = Values<typeof sampleServiceConfig.fields>;

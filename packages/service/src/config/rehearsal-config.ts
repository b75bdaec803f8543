import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

/** Whether a service rehearses behind its start: section `rehearsal`. */
export const rehearsalConfig = defineConfig({
  name: "rehearsal",
  prefix: "REHEARSAL",
  fields: {
    enabled: field.bool({
      doc: "Rehearse turns in private behind the start, so that the first one is as quick as the hundredth; costs a service about a second of computing at each start.",
      default: true,
    }),
  },
});

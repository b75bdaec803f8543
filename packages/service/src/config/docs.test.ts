import { expect, test } from "vitest";
import { defineConfig } from "./define.ts";
import { renderConfigDocs } from "./docs.ts";
import { field } from "./field.ts";

test("each setting is one row with its variable, key, meaning, range and default", () => {
  const parrot = defineConfig({
    name: "parrot",
    prefix: "PARROT",
    fields: {
      maxDelaySec: field.number({ doc: "Longest wait.", unit: "s", min: 0, max: 60, default: 5, aliases: ["DELAY"] }),
      mood: field.choice({ doc: "How it feels.", choices: ["calm", "wild"], default: "calm", live: true }),
      apiKey: field.secret({ doc: "Its key.", required: true }),
      words: field.list({ doc: "What it knows.", separator: "|", default: ["a", "b"] }),
    },
  });

  expect(renderConfigDocs([parrot])).toContain(`## parrot

| variable | key | meaning | allowed | default | a change |
|---|---|---|---|---|---|
| \`PARROT_MAX_DELAY_SEC\` (also \`DELAY\`) | \`max_delay_sec\` | Longest wait. | number, 0 … 60, s | \`5\` | at the next start |
| \`PARROT_MOOD\` | \`mood\` | How it feels. | calm \\| wild | \`calm\` | takes effect at once |
| \`PARROT_API_KEY\` | \`api_key\` | Its key. | secret | **required** | at the next start |
| \`PARROT_WORDS\` | \`words\` | What it knows. | list, separated by \`\\|\` | \`a\\|b\` | at the next start |
`);
});

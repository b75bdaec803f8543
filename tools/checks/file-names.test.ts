import { expect, test } from "vitest";
import { checkFileNames } from "./file-names.ts";
import { worldOf } from "./world.fixture.ts";

test.for(["utils.ts", "string-utils.ts", "types.ts", "session-manager.ts", "Playback.ts", "play_back.ts"])(
  "the file name %s is refused",
  (name) => {
    expect(checkFileNames(worldOf({ [`services/a/src/${name}`]: "" }))).toHaveLength(1);
  },
);

test.for([
  "playback.ts",
  "base64.ts",
  "play-back.broker.test.ts",
  "topic.test-d.ts",
  "up.e2e.test.ts",
  "vite.config.ts",
])("the file name %s is allowed", (name) => {
  expect(checkFileNames(worldOf({ [`services/a/src/${name}`]: "" }))).toEqual([]);
});

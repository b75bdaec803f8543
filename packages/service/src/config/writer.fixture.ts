/** A process that counts in its own section of a configuration file, so many times; it prints what was refused. */
import process from "node:process";
import { updateConfigFile } from "./update-file.ts";

const [path = "", section = "", times = "0"] = process.argv.slice(2);
for (let count = 1; count <= Number(times); count += 1) {
  const edits = [
    { section, key: `at_${count}`, value: count },
    { section, key: "count", value: count },
  ];
  const update = await updateConfigFile(path, () => ({ edits, holdsSecret: false }));
  if (update.kind === "refused") process.stdout.write(`${update.problem}\n`);
}

import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, defaultClientConditions, type Plugin } from "vite";

/** Any way to a module of Node ends the build: by itself it puts an empty module there, and the page fails when it is used. */
const withoutNode: Plugin = {
  name: "without-node",
  enforce: "pre",
  resolveId(id, importer) {
    if (isBuiltin(id)) this.error(`${importer} imports ${id}, which is Node's.`);
  },
};

/**
 * The one script of a page, minified as for production, of this entry beside us.
 *
 * @throws when anything of Node is reached, with who imports what.
 */
export async function bundle(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    root: fileURLToPath(new URL(".", import.meta.url)),
    resolve: { conditions: ["ts-tars-source", ...defaultClientConditions] },
    plugins: [withoutNode],
    build: {
      write: false,
      target: "esnext",
      modulePreload: false,
      rolldownOptions: { input: fileURLToPath(new URL(entry, import.meta.url)) },
    },
  });
  const outputs = [result].flat().flatMap((one) => ("output" in one ? one.output : []));
  const chunks = outputs.flatMap((one) => (one.type === "chunk" ? [one.code] : []));
  if (chunks.length !== 1) throw new Error(`The bundle of ${entry} has ${chunks.length} scripts instead of one.`);
  return chunks.join("");
}

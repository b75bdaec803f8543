import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SERVICES } from "../services.ts";
import { renderDeployedAcl } from "./deployed-acl.ts";

const FILE = fileURLToPath(new URL("../../../../deploy/mosquitto/acl", import.meta.url));

test("deploy/mosquitto/acl says what the services declare; when it is stale, run this file with -u behind it", async () => {
  const services = await Promise.all(SERVICES.map(({ load }) => load()));

  await expect(renderDeployedAcl(services)).toMatchFileSnapshot(FILE);
});

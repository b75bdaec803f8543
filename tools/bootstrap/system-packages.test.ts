import { expect, test } from "vitest";
import { type Facts, planInstall } from "./system-packages.mjs";

const facts: Facts = { missing: ["mosquitto", "mosquitto_sub"], isForbidden: false, installer: "apt", rights: "root" };
const packages = ["mosquitto", "mosquitto-clients"];

test("nothing missing, nothing to do", () => {
  expect(planInstall({ ...facts, missing: [] })).toEqual({ kind: "nothing" });
});

test("root installs with apt, CI with sudo", () => {
  expect(planInstall(facts)).toEqual({ kind: "install", installer: "apt", packages, withSudo: false });
  expect(planInstall({ ...facts, rights: "sudo" })).toEqual({
    kind: "install",
    installer: "apt",
    packages,
    withSudo: true,
  });
});

test("an account without rights is told the exact command", () => {
  expect(planInstall({ ...facts, rights: "none" })).toEqual({
    kind: "advise",
    command: "sudo apt-get install -y --no-install-recommends mosquitto mosquitto-clients",
  });
});

test.for(["apt", "brew"] as const)("TARS_NO_SYSTEM_INSTALL keeps %s from being run", (installer) => {
  expect(planInstall({ ...facts, installer, isForbidden: true }).kind).toBe("advise");
});

test("Homebrew brings broker and clients in one package, without rights", () => {
  const plan = planInstall({ ...facts, installer: "brew", rights: "none" });

  expect(plan).toEqual({ kind: "install", installer: "brew", packages: ["mosquitto"], withSudo: false });
});

test("a system without a known installer is told the names", () => {
  expect(planInstall({ ...facts, installer: "none" })).toEqual({
    kind: "advise",
    command: "your system's way to install: mosquitto mosquitto-clients",
  });
});

test("the browser of the tests comes from the distribution, and where there is none it is left out", () => {
  const blind: Facts = { ...facts, missing: ["chromium"] };

  expect(planInstall(blind)).toMatchObject({ kind: "install", packages: ["chromium"] });
  expect(planInstall({ ...blind, installer: "brew" })).toEqual({ kind: "nothing" });
});

test("a part of several packages is installed whole, and one that Homebrew lacks is left out there", () => {
  const deaf: Facts = { ...facts, missing: ["pocketsphinx_continuous", "espeak-ng"] };

  expect(planInstall(deaf)).toMatchObject({ packages: ["espeak-ng", "pocketsphinx", "pocketsphinx-en-us"] });
  expect(planInstall({ ...deaf, installer: "brew" })).toMatchObject({ packages: ["espeak-ng"] });
  expect(planInstall({ ...deaf, missing: ["pocketsphinx_continuous"], installer: "brew" })).toEqual({
    kind: "nothing",
  });
});

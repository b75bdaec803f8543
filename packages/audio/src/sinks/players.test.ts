import { expect, test } from "vitest";
import { ProgramError } from "../errors.ts";
import { readPacatLine } from "./pacat-report.ts";
import { noPlayerWorks, playerFailed } from "./player-trouble.ts";
import { playersFor } from "./players.ts";

test("the known players are tried in the order of what they can tell", () => {
  expect(playersFor({}).map(({ name }) => name)).toEqual(["pacat", "aplay", "ffplay"]);
});

test("a command line of one's own takes the place of all of them, with its rate and device filled in", () => {
  expect(playersFor({ command: "ssh kitchen aplay -r {rate} -D {device}", device: "it's" })).toMatchObject([
    { command: ["sh", "-c", "ssh kitchen aplay -r 16000 -D 'it'\\''s'"] },
  ]);
});

test("a chosen device is told to each player in its own words", () => {
  const commands = playersFor({ device: "usb" }).map(({ command }) => command.join(" "));

  expect(commands[0]).toContain("--device=usb");
  expect(commands[1]).toContain("--device=usb");
});

test.each([
  ["Time: 0.172 sec; Latency: 54047 usec.", { type: "reported", sample: 2_752 }],
  ["Stream started.\u001b[K", { type: "moved" }],
  ["Connected to device auto_null (index: 0, suspended: no).", { type: "connected", device: "auto_null" }],
  ["Buffer metrics: maxlength=4194304, tlength=1440, prebuf=962, minreq=480", undefined],
])("what pacat says is read (%s)", (line, report) => {
  expect(readPacatLine(line)).toEqual(report);
});

test.each([
  ["Connection failure: Connection refused", /Start the sound server/],
  ["aplay: main:831: audio open error: Device or resource busy", /End the program that holds/],
  ["aplay: main:831: audio open error: No such file or directory", /Plug a loudspeaker in/],
  ["sh: 1: player: not found", /correct its name/],
  ["Something new", /pactl info/],
])("a player that fails is told with what helps (%s)", (line, remedy) => {
  const error = playerFailed({ name: "pacat", end: { kind: "exited", code: 1 }, lastLines: ["Time: 0.1", line] });

  expect(error.message).toBe(`The player pacat ended with code 1: ${line}`);
  expect(error.remedy).toMatch(remedy);
});

test("players that are not there are not told of when another one is there and fails", () => {
  const missing = new ProgramError("There is no aplay.", { program: "aplay", reason: "not_found", remedy: "" });
  const failed = playerFailed({ name: "pacat", end: { kind: "signalled", signal: "SIGSEGV" }, lastLines: [] });

  expect(noPlayerWorks([missing, failed]).message).toBe("The player pacat was killed.");
});

import { describe, expect, it } from "vitest";
import {
  movementCommand,
  movementFrame,
  movementState,
  movementStatus,
  movementStop,
  movementTest,
  systemHealth,
} from "./index.ts";
import { type Case, expectOutcome, reads, refuses, strips, wordsOf } from "./parity.fixture.ts";

const COMMAND = {
  message_id: "m1",
  timestamp: 1_731_000_000.5,
  id: "c1",
  command: "pose",
  params: {},
  origin: "model",
};
const FRAME = {
  ...{ id: "c1", seq: 0, total: 2, duration_ms: 400, hold_ms: 100, channels: { "0": 1500, "1": 1600 } },
  ...{ disable_after: true, done: true, epoch: 0 },
};
const TEST = { command: "wave", speed: 0.7, params: {} };
const LEGS = { height_percent: 1, left_percent: 50, right_percent: 100 };
const ARMS = {
  ...{ port_main: 1, port_forearm: 50, port_hand: 100 },
  ...{ star_main: 1, star_forearm: 50, star_hand: 100 },
};
const legs = (params: object) => ({ command: "move_legs", speed: 1, params });
const arms = (params: object) => ({ command: "move_arm", speed: 1, params });

/** What the firmware can do, and the reference's action does not list. */
const GESTURES: readonly string[] = "wave pezz pezz_dispenser now mic_drop monster move_legs move_arm".split(" ");

const WORDS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "the 11 actions are all read (ours has the firmware's gestures too)",
    wordsOf(movementCommand, "command").filter((word) => !GESTURES.includes(word)),
    "reset step_forward step_backward turn_left turn_right laugh swing_legs balance pose bow disable".split(" "),
  ],
  [
    "the 20 commands of the firmware are these",
    wordsOf(movementTest, "command"),
    (
      "reset step_forward step_backward turn_left turn_right wave laugh swing_legs pezz pezz_dispenser now balance " +
      "mic_drop monster pose bow disable stop move_legs move_arm"
    ).split(" "),
  ],
  [
    "the 9 events of a status are these",
    wordsOf(movementStatus, "event"),
    (
      "connected disconnected command_started command_completed command_failed emergency_stop stop_cleared queue_full " +
      "battery_low"
    ).split(" "),
  ],
  [
    "the 5 events of a motion are these (ours has the firmware's 7 too)",
    wordsOf(movementState, "event").slice(0, 5),
    "started frame_sent completed failed cancelled".split(" "),
  ],
];

const CASES: readonly Case[] = [
  ["message_id and timestamp are carried", movementCommand, COMMAND],
  [
    "a member that is none is left out (the reference refuses all)",
    movementCommand,
    { ...COMMAND, x: 1 },
    strips(COMMAND),
  ],
  [
    "command: parameters are carried, and are empty by default",
    movementCommand,
    { command: "bow", origin: "page" },
    reads({ command: "bow", params: {}, origin: "page" }),
  ],
  ["command: another one is refused", movementCommand, { ...COMMAND, command: "fly" }, refuses("command")],
  [
    "command: what is read comes back from the wire",
    movementCommand,
    { ...COMMAND, params: { steps: 2, until: null } },
  ],
  [
    "frame: servos are not let go, and more frames follow, by default",
    movementFrame,
    { ...FRAME, disable_after: null, done: null },
    reads({ ...FRAME, disable_after: false, done: false }),
  ],
  [
    "frame: channels come back from the wire as texts with µs (the reference fails on its own numbers)",
    movementFrame,
    FRAME,
  ],
  [
    "state: a frame's number and a detail are read",
    movementState,
    { id: "c1", event: "frame_sent", seq: 3, detail: "a" },
  ],
  [
    "test: the speed is 1.0 by default",
    movementTest,
    { command: "bow" },
    reads({ command: "bow", speed: 1, params: {} }),
  ],
  ["test: a speed of 0.1 is read", movementTest, { ...TEST, speed: 0.1 }],
  ["test: a speed of 1.0 is read", movementTest, { ...TEST, speed: 1 }],
  ["test: a speed of 0.05 is refused", movementTest, { ...TEST, speed: 0.05 }, refuses("speed")],
  ["test: a speed of 1.5 is refused", movementTest, { ...TEST, speed: 1.5 }, refuses("speed")],
  ["test: parameters are carried", movementTest, { ...TEST, params: { times: 3 } }],
  ["test: a request's id is carried", movementTest, { ...TEST, request_id: "r1" }],
  [
    "status: command, detail and request are read",
    movementStatus,
    { event: "command_failed", command: "wave", detail: "no power", request_id: "r1" },
  ],
  ["stop: a reason is read", movementStop, { reason: "the button" }],
  ["stop: it needs none", movementStop, { reason: null }, reads({})],
  ["legs: three joints between 1 and 100 are read", movementTest, legs(LEGS)],
  ["legs: below 1 is refused", movementTest, legs({ ...LEGS, left_percent: 0.5 }), refuses("params.left_percent")],
  ["legs: above 100 is refused", movementTest, legs({ ...LEGS, right_percent: 101 }), refuses("params.right_percent")],
  [
    "legs: all three are required (the reference does not look into parameters)",
    movementTest,
    legs({ height_percent: 50 }),
    refuses("params.left_percent", "params.right_percent"),
  ],
  ["arms: one joint is enough", movementTest, arms({ star_hand: 50 })],
  ["arms: below 1 is refused", movementTest, arms({ port_main: 0 }), refuses("params.port_main")],
  ["arms: above 100 is refused", movementTest, arms({ port_hand: 100.5 }), refuses("params.port_hand")],
  ["arms: all six joints are read", movementTest, arms(ARMS)],
  ["arms: none is refused (the reference only documents it)", movementTest, arms({}), refuses("params")],
  [
    "validation: a good command of the firmware passes",
    movementTest,
    { command: "wave", speed: 1, params: {}, timestamp: 1 },
  ],
  ["validation: a bad one does not", movementTest, { command: "explode" }, refuses("command")],
  ["validation: a good status passes", movementStatus, { event: "battery_low" }],
  ["validation: a bad one does not pass for a status", movementStatus, { event: "exploded" }, refuses("event")],
  ["validation: a good stop passes", movementStop, { message_id: "m1", timestamp: 1, reason: "a" }],
];

describe("the movement's contract", () => {
  it.each([
    ["the topic of a command is movement/command", movementCommand.filter, "movement/command"],
    ["the topic of a frame is movement/frame", movementFrame.filter, "movement/frame"],
    ["the topic of a motion's state is movement/state", movementState.filter, "movement/state"],
    ["the topic of the firmware's commands is movement/test", movementTest.filter, "movement/test"],
    ["the topic of a status is movement/status", movementStatus.filter, "movement/status"],
    ["the topic of a stop is movement/stop", movementStop.filter, "movement/stop"],
    [
      "the topic of the service's health is system/health/movement",
      systemHealth.at({ service: "movement" }).filter,
      "system/health/movement",
    ],
    [
      "the topic of the controller's health is system/health/movement-controller",
      systemHealth.at({ service: "movement-controller" }).filter,
      "system/health/movement-controller",
    ],
  ])("%s", (_title, filter, name) => {
    expect(filter).toBe(name);
  });

  it.each(WORDS)("%s", (_title, words, members) => {
    expect(words.toSorted()).toEqual(members.toSorted());
  });

  it.for(CASES)("%s", (one) => {
    expectOutcome(one);
  });

  it("validation: a bad stop stops all the same (the reference refuses it)", () => {
    expectOutcome(["", movementStop, { reason: 7 }, reads({})]);
    expectOutcome(["", movementStop, { halt: true }, strips({})]);
  });

  it("test: bare, a member that is none is refused, as in the reference", () => {
    expectOutcome(["", movementTest, { ...TEST, velocity: 2 }, refuses("velocity")]);
  });

  it("flow: a command of the firmware and its statuses have one request's id", () => {
    const request = { ...TEST, request_id: "r1" };
    expectOutcome(["", movementTest, request]);

    for (const event of ["command_started", "command_completed"]) {
      expectOutcome(["", movementStatus, { event, command: request.command, request_id: request.request_id }]);
    }
  });

  it("flow: frames have their motion's id, and the last one is done", () => {
    const frames = [0, 1].map((seq) => ({ ...FRAME, seq, disable_after: false, done: seq === 1 }));

    for (const frame of frames) expectOutcome(["", movementFrame, frame]);
    for (const event of ["started", "frame_sent", "completed"]) expectOutcome(["", movementState, { id: "c1", event }]);
  });

  it("flow: a stop is told as a status of its own, with the reason", () => {
    expectOutcome(["", movementStop, { reason: "the button" }]);
    expectOutcome(["", movementStatus, { event: "emergency_stop", detail: "the button" }]);
    expectOutcome(["", movementStatus, { event: "stop_cleared" }]);
  });
});

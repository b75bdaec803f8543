import { describe, expect, it } from "vitest";
import { type CameraStatusUpdate, cameraCapture, cameraFrame, cameraStatus } from "./index.ts";
import { type Case, expectOutcome, reads, refuses, strips } from "./parity.fixture.ts";

const { request: capture, reply: image } = cameraCapture;

const FULL = {
  ...{ message_id: "m1", timestamp: 1_731_000_000.5, request_id: "r1" },
  ...{ format: "png", quality: 60, width: 640, height: 480, purpose: "look" },
};
const PICTURE = {
  ...{ message_id: "m2", timestamp: 1_731_000_001.5, request_id: "r1", image_data: "aGVsbG8=", format: "jpeg" },
  ...{ width: 640, height: 480, size_bytes: 5, success: true, purpose: "look", capture_timestamp: 1_731_000_001 },
};
const FRAME = { frame_data: "aGVsbG8=", format: "jpeg", width: 640, height: 480, frame_number: 1 };

const CASES: readonly Case[] = [
  ["capture: the form is jpeg by default", capture, { quality: 85 }, reads({ quality: 85, format: "jpeg" })],
  ["capture: the quality is 85 by default", capture, { format: "png" }, reads({ quality: 85, format: "png" })],
  [
    "capture: nothing is required; what is null is absent",
    capture,
    { request_id: null, width: null, height: null, purpose: null },
    reads({ format: "jpeg", quality: 85 }),
  ],
  ["capture: every member is read", capture, FULL],
  ["capture: the form jpeg is read", capture, { ...FULL, format: "jpeg" }],
  ["capture: the form png is read", capture, { ...FULL, format: "png" }],
  ["capture: the form raw is read", capture, { ...FULL, format: "raw" }],
  ["capture: another form is refused", capture, { ...FULL, format: "bmp" }, refuses("format")],
  ["capture: a quality of 0 is refused", capture, { ...FULL, quality: 0 }, refuses("quality")],
  ["capture: a quality of 101 is refused", capture, { ...FULL, quality: 101 }, refuses("quality")],
  ["capture: a quality of 1 is read", capture, { ...FULL, quality: 1 }],
  ["capture: a quality of 100 is read", capture, { ...FULL, quality: 100 }],
  ["capture: a width of 0 is refused", capture, { ...FULL, width: 0 }, refuses("width")],
  ["capture: a height of 0 is refused", capture, { ...FULL, height: 0 }, refuses("height")],
  ["capture: a width of -1 is refused", capture, { ...FULL, width: -1 }, refuses("width")],
  ["capture: a height of -1 is refused", capture, { ...FULL, height: -1 }, refuses("height")],
  ["capture: a picture of one pixel is read", capture, { ...FULL, width: 1, height: 1 }],
  [
    "capture: a member that is none is left out (the reference refuses all)",
    capture,
    { ...FULL, zoom: 2 },
    strips(FULL),
  ],
  ["capture: what is read comes back from the wire", capture, { ...FULL, quality: 42 }],
  ["image: every member of a success is read", image, PICTURE],
  [
    "image: it is a success unless it says otherwise",
    image,
    { request_id: "r1", image_data: "", format: "raw", width: 1, height: 1, size_bytes: 0 },
    reads({ request_id: "r1", image_data: "", format: "raw", width: 1, height: 1, size_bytes: 0, success: true }),
  ],
  [
    "image: a failure has sizes of 0",
    image,
    { ...PICTURE, image_data: "", width: 0, height: 0, size_bytes: 0, success: false, error: "unplugged" },
  ],
  ["image: without a request it is refused", image, { ...PICTURE, request_id: null }, refuses("request_id")],
  ["image: without image data it is refused", image, { ...PICTURE, image_data: null }, refuses("image_data")],
  ["image: without a form it is refused", image, { ...PICTURE, format: null }, refuses("format")],
  ["image: another form is refused", image, { ...PICTURE, format: "bmp" }, refuses("format")],
  ["image: a size of -1 is refused", image, { ...PICTURE, size_bytes: -1 }, refuses("size_bytes")],
  ["image: a width of -1 is refused", image, { ...PICTURE, width: -1 }, refuses("width")],
  ["image: a height of -1 is refused", image, { ...PICTURE, height: -1 }, refuses("height")],
  [
    "image: a member that is none is left out (the reference refuses all)",
    image,
    { ...PICTURE, x: 1 },
    strips(PICTURE),
  ],
  ["image: what is read comes back from the wire", image, { ...PICTURE, image_data: "d29ybGQ=" }],
  ["image: an error that is null is none", image, { ...PICTURE, error: null }, reads(PICTURE)],
  ["status: ready is read", cameraStatus, { event: "camera_ready" }],
  ["status: unavailable is read, with its detail", cameraStatus, { event: "camera_unavailable", detail: "unplugged" }],
  ["status: started is read", cameraStatus, { event: "capture_started", request_id: "r1" }],
  ["status: completed is read, with its request", cameraStatus, { event: "capture_completed", request_id: "r1" }],
  ["status: failed is read", cameraStatus, { event: "capture_failed", request_id: "r1", detail: "dark" }],
  ["status: another event is refused", cameraStatus, { event: "exploded" }, refuses("event")],
  ["status: no event is refused", cameraStatus, { request_id: "r1" }, refuses("event")],
  [
    "status: a member that is none is left out (the reference refuses all)",
    cameraStatus,
    { event: "camera_ready", mood: 1 },
    strips({ event: "camera_ready" }),
  ],
  [
    "status: what is read comes back from the wire",
    cameraStatus,
    { event: "camera_ready", message_id: "m", timestamp: 1 },
  ],
  [
    "frame: the form is jpeg by default",
    cameraFrame,
    { frame_data: "", width: 1, height: 1, frame_number: 0 },
    reads({ frame_data: "", width: 1, height: 1, frame_number: 0, format: "jpeg" }),
  ],
  ["frame: png is read", cameraFrame, { ...FRAME, format: "png" }],
  ["frame: another form is refused", cameraFrame, { ...FRAME, format: "bmp" }, refuses("format")],
  ["frame: a width of 0 is refused", cameraFrame, { ...FRAME, width: 0 }, refuses("width")],
  ["frame: a height of 0 is refused", cameraFrame, { ...FRAME, height: 0 }, refuses("height")],
  ["frame: a number of -1 is refused", cameraFrame, { ...FRAME, frame_number: -1 }, refuses("frame_number")],
  ["frame: the number 0 is read", cameraFrame, { ...FRAME, frame_number: 0 }],
  ["frame: a rate below 0 is refused", cameraFrame, { ...FRAME, fps: -0.5 }, refuses("fps")],
  ["frame: without data it is refused", cameraFrame, { ...FRAME, frame_data: null }, refuses("frame_data")],
  [
    "frame: a member that is none is left out (the reference refuses all)",
    cameraFrame,
    { ...FRAME, x: 1 },
    strips(FRAME),
  ],
  ["frame: what is read comes back from the wire", cameraFrame, { ...FRAME, fps: 2.5, message_id: "m", timestamp: 1 }],
];

describe("the camera's contract", () => {
  it.each([
    ["the topic of a request is camera/capture", capture.filter, "camera/capture"],
    ["the topic of a picture is camera/image", image.filter, "camera/image"],
    ["the topic of a status is camera/status (the reference has no name for it)", cameraStatus.filter, "camera/status"],
    ["the topic of a frame is camera/frame", cameraFrame.filter, "camera/frame"],
  ])("%s", (_title, filter, name) => {
    expect(filter).toBe(name);
  });

  it.for(CASES)("%s", (one) => {
    expectOutcome(one);
  });

  it("a picture answers its request by the request's own id", () => {
    expectOutcome(["", capture, FULL]);
    expectOutcome(["", image, { ...PICTURE, request_id: FULL.request_id }]);
    expectOutcome(["", image, { ...PICTURE, request_id: "" }, refuses("request_id")]);
  });

  it("a capture is told from ready over started to completed, of one request", () => {
    const flow: readonly CameraStatusUpdate[] = [
      { event: "camera_ready" },
      { event: "capture_started", request_id: "r1" },
      { event: "capture_completed", request_id: "r1" },
    ];

    for (const status of flow) expectOutcome(["", cameraStatus, status]);
    expect(new Set(flow.slice(1).map(({ request_id }) => request_id))).toEqual(new Set(["r1"]));
  });
});

import { defineRequest, defineTopic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import { EpochSec, messageId } from "./fields.ts";

const pixels = z.number().int().min(1);
const about = { message_id: messageId, timestamp: EpochSec.optional() };

/** The form of a picture. */
export const ImageFormat = z.enum(["jpeg", "png", "raw"]);
export type ImageFormat = z.output<typeof ImageFormat>;

/** A picture is wanted. */
export const CameraCaptureRequest = z.object({
  ...about,
  /** Echoed in the answer. */
  request_id: z.string().min(1).max(128).optional(),
  format: ImageFormat.default("jpeg"),
  /** Of a JPEG: 1 is the smallest, 100 the best. */
  quality: z.number().int().min(1).max(100).default(85),
  /** Absent: as the camera gives it. */
  width: pixels.optional(),
  height: pixels.optional(),
  /** Clockwise, in degrees; absent: the camera's setting. */
  rotation: z.literal([0, 90, 180, 270]).optional(),
  /** What it is for, for the log. */
  purpose: z.string().optional(),
});
export type CameraCaptureRequest = z.output<typeof CameraCaptureRequest>;

/** The picture, or why there is none: then sizes are 0 and `image_data` is empty. */
export const CameraImageResponse = z.object({
  ...about,
  /** The request's, else the id of its envelope. */
  request_id: z.string().min(1).max(128),
  /** Base64. */
  image_data: z.string(),
  format: ImageFormat,
  width: z.number().int().nonnegative(),
  height: z.number().int().nonnegative(),
  /** Of the picture, before base64. */
  size_bytes: z.number().int().nonnegative(),
  success: z.boolean().default(true),
  error: z.string().optional(),
  purpose: z.string().optional(),
  capture_timestamp: EpochSec.optional(),
});
export type CameraImageResponse = z.output<typeof CameraImageResponse>;

/** llm-worker (its tools), ui → camera-service. */
export const cameraCapture = defineRequest({
  name: "camera/capture",
  type: "camera.capture",
  payload: CameraCaptureRequest,
  replyName: "camera/image",
  replyType: "camera.image",
  replyPayload: CameraImageResponse,
  // A camera that was closed has to be opened, and to find its exposure.
  ttlMs: 10_000,
  private: true,
  reference: { lacks: ["rotation"] },
  replyReference: { lacks: [] },
});

/** One picture of many. */
export const CameraFrame = z.object({
  ...about,
  /** Base64. */
  frame_data: z.string(),
  format: z.enum(["jpeg", "png"]).default("jpeg"),
  /** As the picture is, not as it was asked for. */
  width: pixels,
  height: pixels,
  frame_number: z.number().int().nonnegative(),
  /** Frames published in a second. */
  fps: z.number().nonnegative().optional(),
});
export type CameraFrame = z.output<typeof CameraFrame>;

/** camera-service → ui; off by default. */
export const cameraFrame = defineTopic({
  name: "camera/frame",
  type: "camera.frame",
  delivery: "stream",
  private: true,
  reference: { lacks: [] },
  payload: CameraFrame,
});

/** What happened to the camera, or to one request. */
export const CameraEvent = z.enum([
  "camera_ready",
  "camera_unavailable",
  "capture_started",
  "capture_completed",
  "capture_failed",
]);
export type CameraEvent = z.output<typeof CameraEvent>;

/** How the camera is. */
export const CameraStatusUpdate = z.object({
  ...about,
  event: CameraEvent,
  request_id: z.string().min(1).max(128).optional(),
  /** The cause and the one thing to do, when it failed. */
  detail: z.string().optional(),
});
export type CameraStatusUpdate = z.output<typeof CameraStatusUpdate>;

/** camera-service → ui. */
export const cameraStatus = defineTopic({
  name: "camera/status",
  type: "camera.status",
  delivery: "event",
  ttlMs: 10_000,
  reference: { lacks: [] },
  payload: CameraStatusUpdate,
});

/** What one frame sounds like. */
export interface Voice {
  /** Somebody speaks; told a few frames after the onset, which the pre-roll covers, so that a click is nobody. */
  readonly isSpeech: boolean;
  /** So loud that somebody may be about to speak: whoever waits for an end waits for what comes of it. */
  readonly isLoud: boolean;
  /** Of the frame without rumble, dB below full scale. */
  readonly levelDb: number;
  /** Of the room, dB below full scale. */
  readonly floorDb: number;
}

/**
 * Tells speech from a quiet room, frame by frame. Providers stand in `voice-detectors/`, and pass `describeVoiceDetector`.
 *
 * 1. Synchronous and quick: it runs on the main thread, 50 times a second for each site.
 * 2. It hears from the first frame on: there is no calibration.
 * 3. One detector for one capture; a new capture gets a new one.
 */
export interface VoiceDetector {
  /** As settings name it: `energy`. */
  readonly name: string;
  /** The next frame: Int16Array, mono, 16 000 Hz, 20 ms, the last one perhaps shorter. */
  hear(pcm: Int16Array): Voice;
}

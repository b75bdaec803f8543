/** What to do with a file that is no PCM. Pure. */

/** The sentence that says how any sound file becomes one that is read here. */
export const CONVERT_IT = "Convert it: ffmpeg -i <file> -ac 1 -ar 16000 -c:a pcm_s16le converted.wav";

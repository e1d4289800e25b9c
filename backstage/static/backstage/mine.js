// My own camera and microphone while they are held: from the device check until the last moment on screen.

import { letGo } from "./devices.js";

export class Mine {
  /** @type {MediaStream | null} */
  stream = null;
  microphoneOn = true;
  cameraOn = true;
  /** By an organizer: the microphone is off for certain, whatever I press. */
  isMuted = false;
  /** An organizer allows it again, and I have not pressed yet. */
  mayUnmute = false;

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
  }

  get hasMicrophone() {
    return Boolean(this.stream?.getAudioTracks().length);
  }

  get hasCamera() {
    return Boolean(this.stream?.getVideoTracks().length);
  }

  /** What there is, switched on or not. */
  get found() {
    return { microphone: this.hasMicrophone, camera: this.hasCamera };
  }

  /** What the tile says of me. */
  get devices() {
    return { microphone: this.hasMicrophone && this.microphoneOn && !this.isMuted, camera: this.hasCamera && this.cameraOn };
  }

  /** Hold this stream; tracks of the former that are not in it are let go. @param {MediaStream} stream */
  hold(stream) {
    for (const track of this.stream?.getTracks() ?? []) if (!stream.getTracks().includes(track)) track.stop();
    this.stream = stream;
    this.#apply();
    this.changed();
  }

  /** @param {boolean} microphone @param {boolean} camera */
  switch(microphone, camera) {
    this.microphoneOn = microphone;
    this.cameraOn = camera;
    if (microphone) this.mayUnmute = false;
    this.#apply();
    this.changed();
  }

  /** Once an organizer allows it again the microphone is still off: nobody is heard who did not press for it. @param {boolean} muted */
  mute(muted) {
    if (this.isMuted === muted) return;
    this.isMuted = muted;
    this.microphoneOn = false;
    this.mayUnmute = !muted && this.hasMicrophone;
    this.#apply();
    this.changed();
  }

  /** Lets go of both for certain: no light stays on. */
  release() {
    letGo(this.stream);
    this.stream = null;
    this.microphoneOn = !this.isMuted;
    this.cameraOn = true;
    this.mayUnmute = false;
    this.changed();
  }

  #apply() {
    for (const track of this.stream?.getAudioTracks() ?? []) {
      track.enabled = this.microphoneOn && !this.isMuted;
    }
    for (const track of this.stream?.getVideoTracks() ?? []) track.enabled = this.cameraOn;
  }
}

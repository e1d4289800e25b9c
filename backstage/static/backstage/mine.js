// My own camera and microphone while they are held: from the device check until the last moment on screen.

import { letGo } from "./devices.js";

export class Mine {
  /** @type {MediaStream | null} */
  stream = null;
  microphoneOn = true;
  cameraOn = true;

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

  /** What the tile says of me. */
  get devices() {
    return { microphone: this.hasMicrophone && this.microphoneOn, camera: this.hasCamera && this.cameraOn };
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
    this.#apply();
    this.changed();
  }

  /** Lets go of both for certain: no light stays on. */
  release() {
    letGo(this.stream);
    this.stream = null;
    this.microphoneOn = this.cameraOn = true;
    this.changed();
  }

  #apply() {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = this.microphoneOn;
    for (const track of this.stream?.getVideoTracks() ?? []) track.enabled = this.cameraOn;
  }
}

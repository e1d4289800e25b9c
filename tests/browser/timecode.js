// Test instrumentation, put into pages before their own scripts run.
// A camera that paints the time as binary blocks, a microphone that hums, and a reader of both.
(() => {
  const WIDTH = 480, HEIGHT = 270, COLUMNS = 12, ROWS = 6, CELL = 40;
  const FRAMES_PER_S = 15;
  const BITS = 56; // 8 who, 40 milliseconds, 8 checksum
  const checksum = (bytes) => bytes.reduce((sum, byte) => (sum * 31 + byte) & 255, 7);

  const bytesOf = (who, ms) => {
    const bytes = [who];
    for (let shift = 4; shift >= 0; shift--) bytes.push(Math.floor(ms / 2 ** (8 * shift)) % 256);
    bytes.push(checksum(bytes));
    return bytes;
  };

  const paint = (context, who, ms) => {
    context.fillStyle = `hsl(${who * 67}, 45%, 45%)`;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    const bytes = bytesOf(who, ms);
    for (let bit = 0; bit < BITS; bit++) {
      const on = (bytes[bit >> 3] >> (7 - (bit & 7))) & 1;
      context.fillStyle = on ? "#fff" : "#000";
      context.fillRect((bit % COLUMNS) * CELL, Math.floor(bit / COLUMNS) * CELL, CELL, CELL);
    }
  };

  const read = (context) => {
    const scale = context.canvas.width / WIDTH;
    const pixels = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
    const bytes = [];
    for (let bit = 0; bit < BITS; bit++) {
      const x = Math.round(((bit % COLUMNS) + 0.5) * CELL * scale);
      const y = Math.round((Math.floor(bit / COLUMNS) + 0.5) * CELL * scale);
      const on = pixels.data[4 * (y * pixels.width + x) + 1] > 127 ? 1 : 0;
      bytes[bit >> 3] = ((bytes[bit >> 3] ?? 0) << 1) | on;
    }
    const ok = bytes[6] === checksum(bytes.slice(0, 6));
    const since = Math.floor(Date.now() / 2 ** 40) * 2 ** 40; // 40 bits are 34 years
    return ok ? { who: bytes[0], ms: since + bytes.slice(1, 6).reduce((sum, byte) => sum * 256 + byte, 0) } : null;
  };

  const lightOf = (context) => {
    const { data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
    let sum = 0;
    for (let green = 1; green < data.length; green += 4) sum += data[green];
    return (4 * sum) / data.length;
  };

  // --- camera and microphone
  const streams = [];
  const gains = [];
  const oscillators = [];
  let covered = false;
  const camera = (who) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
    const context = canvas.getContext("2d", { alpha: false });
    const draw = () => {
      if (!covered) return paint(context, who, Date.now());
      context.fillStyle = "#000";
      context.fillRect(0, 0, WIDTH, HEIGHT);
    };
    draw();
    const rate = window.timecodeFramesPerS ?? FRAMES_PER_S;
    const timer = setInterval(draw, 1000 / rate);
    const track = canvas.captureStream(rate).getVideoTracks()[0];
    const stop = track.stop.bind(track);
    track.stop = () => { clearInterval(timer); stop(); };
    return track;
  };
  const LOUDNESS = 0.3;
  const microphone = (who) => {
    const audio = new AudioContext();
    const tone = new OscillatorNode(audio, { frequency: 300 + 100 * who });
    const out = audio.createMediaStreamDestination();
    const gain = new GainNode(audio, { gain: LOUDNESS });
    gains.push(gain);
    oscillators.push(tone);
    tone.connect(gain).connect(out);
    tone.start();
    const track = out.stream.getAudioTracks()[0];
    const stop = track.stop.bind(track);
    track.stop = () => { audio.close(); stop(); };
    return track;
  };

  // --- tones that say in which second they were hummed: 40 pitches, so each comes again after 40 seconds
  const PITCHES = 40, LOWEST_HZ = 500, STEP_HZ = 50, FAINTEST_DB = -50;
  let humming;
  const hum = () => {
    const second = Math.floor(Date.now() / 1000);
    for (const each of oscillators) each.frequency.value = LOWEST_HZ + STEP_HZ * (second % PITCHES);
  };
  // {slot, at: when it was heard, ms: when it was hummed, to a second, or null where nothing was heard; level: dB;
  // source and packet: SSRC and RTP timestamp of the newest packet of which anything was played}
  const tones = [];
  /** They stay as they are while a browser makes up the sound. */
  const newestPlayed = (stream) => {
    const receivers = peers.flatMap((peer) => peer.getReceivers());
    const receiver = receivers.find(({ track }) => stream.getAudioTracks().includes(track));
    const sources = receiver?.getSynchronizationSources() ?? [];
    const newest = sources.sort((one, other) => other.timestamp - one.timestamp)[0];
    return { source: newest?.source ?? null, packet: newest?.rtpTimestamp ?? null };
  };
  /** The second of a pitch, or null. */
  const secondOf = (pitch) => {
    const step = Math.round((pitch - LOWEST_HZ) / STEP_HZ);
    if (step < 0 || step >= PITCHES) return null;
    const now = Math.floor(Date.now() / 1000);
    return (now - ((((now - step) % PITCHES) + PITCHES) % PITCHES)) * 1000;
  };
  const listenTo = (audio, element) => {
    const ear = new AnalyserNode(audio, { fftSize: 4096, smoothingTimeConstant: 0 });
    let heard = null;
    setInterval(() => {
      const stream = element.srcObject;
      if (stream && stream !== heard?.mediaStream) {
        heard?.disconnect();
        heard = new MediaStreamAudioSourceNode(audio, { mediaStream: stream });
        heard.connect(ear);
      }
      if (!stream) return;
      const levels = new Float32Array(ear.frequencyBinCount);
      ear.getFloatFrequencyData(levels);
      const loudest = levels.indexOf(Math.max(...levels));
      const level = levels[loudest];
      const ms = level < FAINTEST_DB ? null : secondOf((loudest * audio.sampleRate) / ear.fftSize);
      tones.push({ slot: Number(element.dataset.sound), at: Date.now(), ms, level, ...newestPlayed(stream) });
    }, 50);
  };

  // --- what the page's PeerConnections and frames say
  const peers = [];
  const peersMadeAt = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...parameters) { super(...parameters); peers.push(this); peersMadeAt.push(Date.now()); }
  };

  const frames = []; // {slot, who, ms, at, shown, name: on the plate of its tile}
  const lastFrameAt = {};
  const visibleAt = {}; // by slot: since when a picture has been visible
  const still = {}; // by slot: the longest time in ms that a visible picture did not move
  const isShown = (video) => video.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const unread = []; // {slot, at, light: 0 to 255, as bright as it is on average}: frames that say no time
  const readers = new WeakSet();
  const follow = (video, asSlot = undefined) => {
    if (readers.has(video)) return;
    readers.add(video);
    const canvas = new OffscreenCanvas(240, 135);
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    const slot = asSlot ?? Number(video.dataset.slot);
    const plate = video.closest("[data-tile]")?.querySelector(".plate__name");
    const onFrame = (now, metadata) => {
      video.requestVideoFrameCallback(onFrame);
      if (metadata.width < 100) return;
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const code = read(context);
      lastFrameAt[slot] = Date.now();
      if (code) frames.push({ slot, ...code, at: Date.now(), shown: isShown(video), name: plate?.textContent ?? "" });
      else unread.push({ slot, at: Date.now(), light: lightOf(context) });
    };
    video.requestVideoFrameCallback(onFrame);
    let shownSince = 0;
    setInterval(() => {
      if (!isShown(video)) { shownSince = 0; delete visibleAt[slot]; return; }
      if (lastFrameAt[slot]) visibleAt[slot] ??= Date.now();
      shownSince ||= Date.now();
      const since = Math.max(shownSince, lastFrameAt[slot] ?? 0);
      still[slot] = Math.max(still[slot] ?? 0, Date.now() - since);
    }, 20);
  };

  window.timecode = {
    frames, unread, visibleAt, peers, peersMadeAt, streams,
    replaceDevices(who) {
      navigator.mediaDevices.getUserMedia = async (constraints) => {
        const stream = new MediaStream();
        if (constraints.audio) stream.addTrack(microphone(who));
        if (constraints.video) stream.addTrack(camera(who));
        streams.push(stream);
        return stream;
      };
    },
    tones,
    /** From now on the pitch of my microphone says the time. */
    humTheTime(does) {
      clearInterval(humming);
      if (does) humming = setInterval(hum, 20);
    },
    /** Notes what is played here by what time it was hummed. */
    listen() {
      const audio = new AudioContext();
      document.querySelectorAll("audio[data-sound]").forEach((element) => listenTo(audio, element));
    },
    /** Says something, or is silent; the microphone stays on. */
    speak(says) { for (const gain of gains) gain.gain.value = says ? LOUDNESS : 0; },
    /** A cap on the lens: pictures go on, all black. */
    cover(is) { covered = is; },
    takeStill() { const taken = { ...still }; for (const slot in still) delete still[slot]; return taken; },
    follow() { document.querySelectorAll("video[data-slot]").forEach((video) => follow(video)); },
    /** What the audience sees; its slots count from `first` + 1. */
    followSmall(first) {
      document.querySelectorAll("#audience-tiles video").forEach((video, index) => follow(video, first + index + 1));
    },
    live() { return streams.flatMap((stream) => stream.getTracks()).filter((track) => track.readyState === "live").length; },
    async received() { // by mid: packets, energy, freezes of all inbound tracks that are on
      const sum = {};
      for (const peer of peers) {
        if (peer.connectionState === "closed") continue;
        for (const stat of (await peer.getStats()).values()) {
          if (stat.type !== "inbound-rtp") continue;
          sum[stat.mid] = {
            kind: stat.kind, packets: stat.packetsReceived, lost: stat.packetsLost, frames: stat.framesDecoded ?? 0,
            energy: stat.totalAudioEnergy ?? 0, freezes: stat.freezeCount ?? 0, frozen: stat.totalFreezesDuration ?? 0,
          };
        }
      }
      return sum;
    },
  };
  if (window.timecodeWho !== undefined) window.timecode.replaceDevices(window.timecodeWho);
})();

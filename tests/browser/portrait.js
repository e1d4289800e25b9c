// For screenshots: a camera that shows a drawn person instead of the time. Put in behind timecode.js.
(() => {
  const COLOURS = ["#4f4a7a", "#39666d", "#7a4d39", "#3d6b4f", "#7a3f66", "#3f5a7a", "#6d5f34", "#5a4a7a"];
  const SHIRTS = ["#6c5bd0", "#1f7a8c", "#b5522f", "#2f6d46", "#9b4676", "#3d5a94", "#8a6d1f", "#6b54b0"];
  const HAIR = ["#3a2a22", "#3a2a1c", "#2c2320", "#2a211c", "#5a3a26", "#1f1a18", "#46342a", "#30261f"];
  const camera = (who) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 540 });
    const context = canvas.getContext("2d", { alpha: false });
    const draw = () => {
      const sway = 4 * Math.sin(Date.now() / 900 + who);
      context.fillStyle = COLOURS[who % 8];
      context.fillRect(0, 0, 960, 540);
      context.fillStyle = SHIRTS[who % 8];
      context.beginPath();
      context.ellipse(480 + sway, 560, 250, 150, 0, 0, 7);
      context.fill();
      context.fillStyle = HAIR[who % 8];
      context.beginPath();
      context.ellipse(480 + 1.5 * sway, 250, 132, 138, 0, 0, 7);
      context.fill();
      context.fillStyle = "#e9c9ae";
      context.beginPath();
      context.ellipse(480 + 1.5 * sway, 282, 116, 122, 0, 0, 7);
      context.fill();
    };
    draw();
    setInterval(draw, 66);
    return canvas.captureStream(15).getVideoTracks()[0];
  };
  const open = navigator.mediaDevices.getUserMedia;
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open({ audio: constraints.audio });
    if (constraints.video) stream.addTrack(camera(window.timecodeWho));
    return stream;
  };
})();

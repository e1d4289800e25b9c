"""A screen to share whose picture says when it was painted, with a sound; the browser's own capture says nothing."""

#: What it paints as who.
SLIDES = 88
PAINTED_SCREEN = """
  window.captures = [];
  navigator.mediaDevices.getDisplayMedia = async () => {
    timecode.replaceDevices(88);
    const stream = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    timecode.replaceDevices(timecodeWho);
    captures.push(...stream.getTracks());
    return stream;
  };
"""
#: How many of its tracks are still on.
CAPTURING = "captures.filter((track) => track.readyState === 'live').length"

// Drives the real page's roll and times its script, frame by frame. Put into the page by the bench; the page knows nothing of it.
(() => {
  const roll = () => document.getElementById("roll");
  const frame = () => new Promise((resolve) => nativeFrame(resolve));
  const nativeFrame = window.requestAnimationFrame.bind(window);
  let spentMs = 0;
  window.requestAnimationFrame = (callback) =>
    nativeFrame((time) => {
      const startedMs = performance.now();
      callback(time);
      spentMs += performance.now() - startedMs;
    });

  // One gesture a frame; the script of its handler and of the painting that follows, and the time from frame to frame.
  const sweep = async (count, gesture) => {
    const [scriptMs, intervalMs] = [[], []];
    let last = performance.now();
    for (let i = 0; i < count; i++) {
      spentMs = 0;
      const startedMs = performance.now();
      gesture(i);
      const handlerMs = performance.now() - startedMs;
      await frame(); // painted in this frame, before or after this callback
      await new Promise((resolve) => setTimeout(resolve));
      scriptMs.push(handlerMs + spentMs);
      intervalMs.push(performance.now() - last);
      last = performance.now();
    }
    return { scriptMs, intervalMs };
  };
  const wheel = (options) => {
    const box = roll().getBoundingClientRect();
    const [clientX, clientY] = [box.x + box.width / 2, box.y + box.height / 2];
    roll().dispatchEvent(new WheelEvent("wheel", { bubbles: true, cancelable: true, clientX, clientY, ...options }));
  };
  const key = (name) => roll().dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));

  window.linnetRoll = {
    key,
    choose: (underlay) => document.getElementById(`underlay-${underlay}`).click(),
    // all notes in sight, moved to and fro by their own width
    pan: (count) => sweep(count, (i) => wheel({ deltaX: i % 60 < 30 ? 40 : -40 })),
    zoom: (count) => sweep(count, (i) => wheel({ deltaY: i % 40 < 20 ? -60 : 60, ctrlKey: true })),
    // a slider is moved: until the notes that follow from it are on the roll
    slide: async (count) => {
      const slider = document.getElementById("option-sensitivity");
      const times = [];
      for (let i = 0; i < count; i++) {
        const startedMs = performance.now();
        const before = linnet.timings().redecodedMs;
        slider.value = String(0.3 + (0.4 * (i + 1)) / (count + 1));
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        while (linnet.timings().redecodedMs === before) await frame();
        await frame();
        times.push(performance.now() - startedMs);
      }
      return times;
    },
    count: () => linnet.notes().pitch.length,
  };
})();

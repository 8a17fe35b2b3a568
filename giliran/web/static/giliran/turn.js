// The page of a turn follows its own events and the office's line: it fetches the part that
// changes, says the change to screen readers, and rings and shakes when the turn is called.
(() => {
  const place = document.getElementById("turn"), said = document.getElementById("turn-said");
  const stale = document.getElementById("turn-stale"), button = document.getElementById("turn-sound");
  let sound, busy = false, again = false;
  const state = () => document.getElementById("turn-state").dataset;
  const ring = () => {
    navigator.vibrate?.([300, 150, 300, 150, 600]);
    if (!sound) return;
    [0, 0.35, 0.9, 1.25].forEach((at, i) => {
      const tone = sound.createOscillator(), loudness = sound.createGain();
      const start = sound.currentTime + at;
      tone.frequency.value = i % 2 ? 660 : 880;
      loudness.gain.setValueAtTime(0.25, start);
      loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
      tone.connect(loudness).connect(sound.destination);
      tone.start(start);
      tone.stop(start + 0.3);
    });
  };
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(`${location.pathname}?bagian=keadaan`, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text(), before = { ...state() };
      const held = place.contains(document.activeElement) && document.activeElement.getAttribute("href");
      place.innerHTML = text;
      // Who stood on a link with the keyboard still stands there.
      if (held) place.querySelector(`a[href="${held}"]`)?.focus({ preventScroll: true });
      const now = state();
      stale.hidden = true;
      if (now.said !== before.said) said.textContent = now.said;
      if (now.state === "called" && (before.state !== "called" || now.calls !== before.calls)) {
        document.title = now.said;
        place.scrollIntoView();
        ring();
      } else if (now.state !== before.state) document.title = now.said;
    } catch {
      document.getElementById("turn-since").textContent = state().at;
      stale.hidden = false;
    }
    busy = false;
    if (again) { again = false; setTimeout(refresh, 2000); }
  };
  for (const name of ["moved", "line", "call", "reset"]) document.addEventListener(`giliran:${name}`, refresh);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  // A stream that has gone silent is replaced by asking.
  setInterval(() => {
    if (document.documentElement.dataset.stale || !window.EventSource) refresh();
  }, 20000);
  if (button && window.AudioContext) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "false";
      button.setAttribute("aria-pressed", String(on));
      sound?.close();
      sound = on ? new AudioContext() : undefined;
      if (on) ring();
    });
  }
})();

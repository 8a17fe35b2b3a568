// The board's voice: plays the clips of a call back to back, one call after another.
// Reports on `document`: voice:ended and voice:missing, each with detail.clip.
const home = new URL("voice/", import.meta.url);
const MOST = 5;
const decoded = new Map();
const queue = [];
let context, playing, busy;

// Browsers stay silent until somebody presses a button ("Nyalakan suara"). Call this from
// its click; true says that sound is on. A TV that needs no press answers true at once.
export async function unlock() {
  context = context || new AudioContext();
  // Without a press resume() never answers, so it is not waited for.
  const patience = new Promise((done) => setTimeout(done, 300));
  await Promise.race([context.resume().catch(() => {}), patience]);
  return context.state === "running";
}

// Queue one call. False: it will not be heard (sound is off, or the same call is already on
// its way). Calls made while sound is off are not kept: they would be stale when it comes.
export function announce(clips) {
  if (context?.state !== "running") return false;
  const call = { clips, said: clips.join(), counter: counterOf(clips) };
  if (playing?.said === call.said || queue.some((one) => one.said === call.said)) return false;
  queue.push(call);
  if (queue.length > MOST) makeRoom();
  run();
  return true;
}

function counterOf(clips) {
  const at = clips.indexOf("silakan_ke_loket");
  return at < 0 ? "" : clips.slice(at).join();
}

// Too many: of several calls to one counter only the newest is still true; then the oldest goes.
function makeRoom() {
  const old = queue.findIndex(({ counter }, at) =>
    counter && queue.some((one, later) => later > at && one.counter === counter));
  queue.splice(Math.max(old, 0), 1);
}

async function run() {
  if (busy) return;
  busy = true;
  while ((playing = queue.shift())) await play(playing.clips);
  busy = false;
}

async function play(clips) {
  const sounds = await Promise.all(clips.map(load));
  let at = context.currentTime + 0.05;
  const ends = sounds.map((buffer, i) => {
    if (!buffer) return tell("missing", clips[i]);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(at);
    at += buffer.duration;
    return new Promise((done) => {
      source.onended = () => done(tell("ended", clips[i]));
    });
  });
  await Promise.all(ends);
}

// A clip that cannot be had is left out of this call and asked for again at the next.
function load(clip) {
  if (!decoded.has(clip)) {
    const sound = fetch(new URL(clip + ".mp3", home), { signal: AbortSignal.timeout?.(5000) })
      .then((answer) => (answer.ok ? answer.arrayBuffer() : Promise.reject()))
      .then((bytes) => context.decodeAudioData(bytes))
      .catch(() => void decoded.delete(clip));
    decoded.set(clip, sound);
  }
  return decoded.get(clip);
}

function tell(what, clip) {
  document.dispatchEvent(new CustomEvent("voice:" + what, { detail: { clip } }));
}

// The board: says and flashes every call that the stream tells, keeps the office's clock, and
// shows when its numbers may be old. What it shows is fetched by htmx, when the stream tells of
// something and every 20 s; see board/board.html.
import { announce, unlock } from "./board_voice.js";

const root = document.documentElement, board = document.getElementById("board");
const said = document.getElementById("board-said"), stale = document.getElementById("stale");
const button = document.getElementById("board-sound");
const FLASH_MS = 6000, TOO_OLD_MS = 30000;
let fresh, setAt = 0, shown, speed = 1;

// The office's time runs on from what the server said last; a simulated one runs faster.
const setClock = () => {
  const { now, speed: rate } = document.getElementById("board-time").dataset;
  [shown, speed, setAt] = [Date.parse(now), Number(rate) || 1, performance.now()];
  // Where the line breaks, these are the numbers that stay.
  const since = document.getElementById("stale-since"), from = hour(shown);
  if (since.textContent !== from) since.textContent = from;
};
const officeNow = () => shown + (performance.now() - setAt) * speed;
const hour = (moment) => new Intl.DateTimeFormat("en-GB", {
  timeZone: document.getElementById("board-time").dataset.zone,
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
}).formatToParts(moment).map((p) => (p.type === "literal" ? "." : p.value)).join("");
const showClock = () => {
  document.querySelector("#board-time time").textContent = hour(officeNow());
};

const flash = () => {
  const called = document.getElementById("called");
  const isIt = fresh && called?.dataset.number === fresh.number && Date.now() < fresh.until;
  called?.classList.toggle("called--fresh", Boolean(isIt));
  // A call that comes while another flashes starts the flashing anew.
  if (isIt) called.getAnimations().forEach((one) => { one.currentTime = Date.now() - fresh.since; });
};

const call = ({ number, counter, at }) => {
  // After a break the stream tells what was missed: shown, but no longer worth saying aloud.
  if (!number || !counter || (officeNow() - Date.parse(at)) / speed > TOO_OLD_MS) return;
  fresh = { number, since: Date.now(), until: Date.now() + FLASH_MS };
  flash();
  setTimeout(flash, FLASH_MS + 50);
  saying = saying.then(() => say(number, counter));
};

// One after another, in the order of the calls, however long each sentence takes to come.
let saying = Promise.resolve();
const say = async (number, counter) => {
  const query = new URLSearchParams({ nomor: number, loket: counter });
  try {
    const answer = await (await fetch(`${board.dataset.voice}?${query}`)).json();
    said.textContent = "";
    setTimeout(() => { said.textContent = answer.sentence; }, 50);
    const isHeard = answer.clips.length > 0 && announce(answer.clips);
    const detail = { sentence: answer.sentence, isHeard };
    board.dispatchEvent(new CustomEvent("board:call", { bubbles: true, detail }));
  } catch { /* the number is on the screen; the next call is said again */ }
};

const unlocked = async () => { button.hidden = await unlock().catch(() => false); };
button.addEventListener("click", unlocked);
unlocked();

// Only the stream counts as a living line: who hears no calls must be told, even while fetching
// still works. (A TV without streams lives by fetching.)
if (window.EventSource) board.addEventListener("htmx:afterOnLoad", (event) => event.stopPropagation());
document.addEventListener("giliran:call", (event) => call(event.detail));
document.addEventListener("htmx:afterSettle", () => { setClock(); showClock(); flash(); });
new MutationObserver(() => {
  stale.hidden = !root.dataset.stale;
  document.body.classList.toggle("board--stale", Boolean(root.dataset.stale));
}).observe(root, { attributeFilter: ["data-stale"] });
setClock();
setInterval(showClock, 1000);

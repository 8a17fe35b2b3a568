// Shifts dragged to another day, officer or hour: what it would do is fetched and shown, in words
// and in the heat map, before anything is saved. Without this script the same is done by forms.
(() => {
  const table = document.querySelector(".shifts"), place = document.querySelector("[data-effect]");
  const targets = document.querySelector("[data-targets]");
  if (!table || !place || !targets) return;
  const hint = document.querySelector("[data-drag-hint]");
  const line = targets.querySelector("[data-said]"), invitation = line.textContent;
  let held = null, over = null, dropped = false, timer = 0, asked = 0, shown = "";
  if (hint) hint.hidden = false;

  const unmark = () => document.querySelectorAll("[data-then]").forEach((cell) => delete cell.dataset.then);
  const mark = () => {
    unmark();
    line.textContent = place.querySelector("[data-said]")?.dataset.said || invitation;
    for (const one of (place.querySelector("[data-marks]")?.dataset.marks || "").split(" ")) {
      const [id, then] = one.split(":");
      const cell = id && document.getElementById(id);
      if (cell) cell.dataset.then = then;
    }
  };
  const clear = () => { asked += 1; shown = ""; place.replaceChildren(); mark(); };

  // What dropping the held shift there would mean, as the server understands it.
  const meaning = (target) => {
    const query = new URLSearchParams({ dinas: held.dataset.shift });
    const from = held.closest("td").dataset, there = target.querySelector("[data-shift]");
    if (target.hasAttribute("data-to-none")) query.set("mau", "batal");
    else if (target.dataset.toKind) {
      query.set("mau", "ganti"); query.set("petugas", from.officer);
      query.set("hari", from.day); query.set("jenis", target.dataset.toKind);
    } else if (there) { query.set("mau", "tukar"); query.set("dengan", there.dataset.shift); }
    else {
      query.set("mau", "ganti"); query.set("petugas", target.dataset.officer);
      query.set("hari", target.dataset.day); query.set("jenis", held.dataset.kind);
    }
    return query.toString();
  };
  const show = async (query) => {
    if (query === shown) return;
    const turn = ++asked;
    place.classList.add("effect--busy");
    try {
      const answer = await fetch(`${table.dataset.address}&${query}&bagian=akibat`, { cache: "no-store" });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      if (turn !== asked) return;
      place.innerHTML = text;
      shown = query;
      mark();
    } catch {
      // The forms do the same, by a whole page.
      if (turn === asked) location.assign(`${table.dataset.address}&${query}#akibat`);
    } finally { if (turn === asked) place.classList.remove("effect--busy"); }
  };

  const leave = () => { over?.classList.remove("shift-over"); over = null; clearTimeout(timer); };
  const target = (event) => event.target.closest?.("td[data-day], [data-to-kind], [data-to-none]");

  table.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-shift]");
    if (!held) return;
    dropped = false;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.shift);
    held.classList.add("shift--moving");
    // A layout that moves while the drag begins would end it in some browsers.
    setTimeout(() => { targets.hidden = false; });
  });
  document.addEventListener("dragover", (event) => {
    const there = held && target(event);
    if (!there || there.contains(held)) { leave(); return; }
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    if (there === over) return;
    leave();
    over = there;
    over.classList.add("shift-over");
    timer = setTimeout(() => show(meaning(there)), 250);
  });
  document.addEventListener("drop", async (event) => {
    const there = held && target(event);
    if (!there || there.contains(held)) return;
    event.preventDefault();
    const query = meaning(there);
    dropped = true;
    leave();
    await show(query);
    const effect = document.getElementById("akibat");
    effect?.scrollIntoView({ block: "nearest" });
    effect?.focus({ preventScroll: true });
  });
  document.addEventListener("dragend", () => {
    held?.classList.remove("shift--moving");
    if (!dropped) clear();
    leave();
    held = null;
    targets.hidden = true;
  });
  place.addEventListener("click", (event) => {
    if (!event.target.closest("[data-drop-effect]")) return;
    event.preventDefault();
    clear();
    table.querySelector("[data-shift]")?.focus();
  });
  mark();
})();

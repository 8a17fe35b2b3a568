// The kiosk without a trace: each step is fetched and put in place of the last, so that the
// browser has no page to go back to, and after data-silence seconds all is forgotten.
(() => {
  const start = location.pathname, WARN_S = 10, POLL_MS = 20000, TYPING_MS = 3000;
  const byId = (id) => document.getElementById(id);
  const screen = () => document.querySelector("[data-kiosk]");
  const at = (name) => screen()?.dataset.kiosk === name;
  let touchedAt = Date.now(), busy = false, leaving = false, scanned = "", scannedAt = 0;

  const ask = async (body, query = "") => {
    const method = body ? "POST" : "GET", signal = AbortSignal.timeout?.(10000);
    const answer = await fetch(start + query, { method, body, signal, cache: "no-store" });
    if (answer.status >= 500) throw new Error(answer.status);
    return answer.text();
  };
  // Never leave for a page that may not come: a kiosk has no key to reload. Without a network the
  // screen is only wiped, and it looks for the first page again and again.
  const forget = async () => {
    if (leaving) return;
    leaving = true;
    try {
      await ask(null, "?baru");
      location.replace(start);
    } catch {
      if (!at("start")) {
        document.querySelector("main").replaceChildren();
        document.title = "giliran";
      }
      byId("kiosk-silence").hidden = true;
      byId("kiosk-lost").hidden = leaving = false;
    }
  };
  const show = (text, focus) => {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    if (!fresh.querySelector("[data-kiosk]")) return forget();
    for (const part of ["main", ".kiosk__foot"])
      document.querySelector(part).replaceWith(fresh.querySelector(part));
    document.title = fresh.title;
    ready(focus);
  };
  const ready = (focus) => {
    document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; });
    byId("id_kode")?.setSelectionRange(99, 99);
    if (!focus) return;
    (byId("id_kode") || document.querySelector("main h1"))?.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  const send = async (body) => {
    if (busy) return;
    busy = true;
    document.body.setAttribute("aria-busy", "true");
    try {
      show(await ask(body), true);
      byId("kiosk-lost").hidden = true;
      touchedAt = Date.now();
    } catch { byId("kiosk-lost").hidden = false; }
    document.body.removeAttribute("aria-busy");
    busy = false;
  };

  const type = (key) => {
    const field = byId("id_kode"), plain = field.value.replace(/[\s-]/g, "");
    const typed = key === "hapus" ? plain.slice(0, -1) : (plain + key).slice(0, 8);
    field.value = typed.length > 4 ? `${typed.slice(0, 4)}-${typed.slice(4)}` : typed;
    field.focus();
  };
  document.addEventListener("submit", (event) => {
    if (event.target.matches(".language")) return;
    event.preventDefault();
    if (event.submitter?.name === "huruf") type(event.submitter.value);
    else send(new FormData(event.target, event.submitter));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    const home = event.target.closest('a[href$="?baru"]');
    if (home) { event.preventDefault(); forget(); }
  });
  // Enter in the code's field means its own button, never the first key of the screen. A scanner
  // types like a fast keyboard, also where no field waits for it: on the first screen.
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "id_kode" && event.key !== "Enter") return;
    if (Date.now() - scannedAt > TYPING_MS) scanned = "";
    scannedAt = Date.now();
    if (event.key.length === 1) scanned += event.key;
    if (event.key !== "Enter") return;
    const form = byId("kiosk-code"), code = event.target.id === "id_kode" ? event.target.value : scanned;
    scanned = "";
    if (event.target.id !== "id_kode" && code.length < 8) return;
    event.preventDefault();
    const body = new FormData(form || document.querySelector("main form"));
    body.set("langkah", "hadir");
    body.set("kode", code);
    send(body);
  });

  for (const name of ["pointerdown", "keydown"])
    document.addEventListener(name, () => { touchedAt = Date.now(); }, true);
  const isClean = () => !screen() || at("start") && document.documentElement.lang === "id";
  setInterval(() => {
    const left = Number(screen()?.dataset.silence || 30) - (Date.now() - touchedAt) / 1000;
    const warns = !isClean() && left <= WARN_S && !busy;
    byId("kiosk-silence").hidden = !warns;
    if (!warns) return;
    byId("kiosk-seconds").textContent = Math.max(0, Math.ceil(left));
    if (left <= 0) forget();
  }, 250);
  // The first screen says how many wait: it is fetched anew, but never under a finger.
  setInterval(async () => {
    if (!screen()) return forget();
    if (!at("start") || busy || Date.now() - touchedAt < POLL_MS / 2) return;
    try {
      const text = await ask();
      if (at("start") && !busy && Date.now() - touchedAt > 2000) show(text, false);
      byId("kiosk-lost").hidden = true;
    } catch { byId("kiosk-lost").hidden = false; }
  }, POLL_MS);
  addEventListener("pageshow", (event) => { if (event.persisted) forget(); });
  ready(false);
})();

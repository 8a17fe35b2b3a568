// The desk's keys, and what a swap must not lose: focus, opened lists, refusals. Every button
// works without this file. Single keys can be switched off (WCAG 2.1.4), per officer.
(() => {
  const root = document.documentElement, keys = document.getElementById("keys");
  // Swap, settle and focus in one go: a key pressed between them opened a form that settling shut.
  if (window.htmx) htmx.config.defaultSettleDelay = 0;
  const kept = keys && `giliran.keys.${keys.dataset.officer}`;
  let on = true, opened = [], act = false, acting = false, rangAt = 0;
  const remember = (value) => {
    try {
      if (value !== undefined) localStorage.setItem(kept, value);
      return localStorage.getItem(kept);
    } catch { return null; } // a browser may forbid storage: then keys are on
  };
  const apply = () => {
    root.dataset.keys = on ? "on" : "off";
    for (const button of document.querySelectorAll("[data-key]")) {
      if (on) button.setAttribute("aria-keyshortcuts", button.dataset.key.toUpperCase());
      else button.removeAttribute("aria-keyshortcuts");
    }
  };
  const open = (link) => {
    const box = document.getElementById(link.dataset.opens);
    box.open = true;
    document.querySelector(link.hash).focus();
  };
  if (keys) {
    const button = document.getElementById("keys-switch");
    on = remember() !== "off";
    keys.hidden = false;
    button.setAttribute("aria-pressed", on);
    button.addEventListener("click", () => {
      on = !on;
      remember(on ? "on" : "off");
      button.setAttribute("aria-pressed", on);
      apply();
    });
    apply();
    document.addEventListener("keydown", (event) => {
      if (!on || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing
        || event.target.closest("input, textarea, select, [contenteditable]")
        || acting) return;
      const key = event.key.toLowerCase();
      const target = /^[a-z]$/.test(key) && document.querySelector(`[data-key="${key}"]:not([disabled])`);
      if (!target) return;
      event.preventDefault();
      target.click();
    });
  }
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opens]");
    if (link) { event.preventDefault(); open(link); return; }
    if (event.target.closest("[data-print]")) { window.print(); return; }
    // The second press of a double click lands on whatever button stands there by then.
    if (event.detail > 1 && event.target.closest("button:not([type=button])")) event.preventDefault();
  });
  const acts = (event) => event.detail.requestConfig.verb === "post";
  for (const bell of ["line", "call", "reset"])
    document.body.addEventListener(`giliran:${bell}`, () => { rangAt = performance.now(); });
  document.addEventListener("htmx:beforeRequest", (event) => {
    acting ||= acts(event);
    event.detail.xhr.sentAt = performance.now();
  });
  document.addEventListener("htmx:afterRequest", (event) => { acting &&= !acts(event); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr, asker = event.detail.requestConfig.elt;
    // Somebody else's desk by now: the refusal belongs in the window. (Who was logged out is told
    // so by the server.)
    if (answer.status === 403) {
      event.detail.shouldSwap = false;
      location.reload();
      return;
    }
    if (asker.id === "alarms") return;
    // What the line asked before a button was pressed is old news: it would close an opened form.
    if (!acts(event) && (acting || !asker.isConnected)) {
      event.detail.shouldSwap = false;
      setTimeout(() => document.body.dispatchEvent(new CustomEvent("giliran:line")), 300);
      return;
    }
    // A refusal is an answer to show, not a failure.
    if (answer.status >= 400 && answer.status < 500) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    act = acts(event);
    opened = act ? [] : [...document.querySelectorAll("#line details[open]")].map((box) => box.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    apply();
    // The line that was to answer this bell has been swapped away before it asked.
    if (rangAt > (event.detail.xhr?.sentAt ?? Infinity))
      document.body.dispatchEvent(new CustomEvent("giliran:line"));
    if (!act) return;
    act = false;
    const wrong = document.querySelector("#desk [aria-invalid=true]");
    (wrong || document.getElementById("person-title"))?.focus();
  });
  for (const name of ["htmx:sendError", "htmx:responseError"])
    document.addEventListener(name, (event) => {
      if (!acts(event)) return;
      const box = document.getElementById("refused");
      const line = document.createElement("p");
      line.className = "notice notice--error";
      line.textContent = box.dataset.lost;
      box.replaceChildren(line);
    });
})();

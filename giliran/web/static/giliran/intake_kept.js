// What a booth typed and scanned, kept in the browser until the server has it, and sent again by
// itself over a line that comes and goes. Sealed with a key that only whoever is logged in is given.
// The same names (request_key, token) go with every try, so that nothing is there twice.
(() => {
  const box = document.getElementById("unsent");
  if (!box || !window.indexedDB || !window.crypto?.subtle || !window.fetch) return;
  const DAY = 86400000, PIECE = 128 * 1024, AGAIN = 15000, SLOWEST = 60000;
  const list = box.querySelector("ul"), title = box.querySelector("h2");
  const spoken = document.getElementById("unsent-said"), word = (name) => box.dataset[name];
  const officer = box.dataset.officer;
  const csrf = () => box.querySelector("[name=csrfmiddlewaretoken]").value;

  // ---- the drawer
  const opening = new Promise((done, failed) => {
    const request = indexedDB.open("giliran-intake", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const store = async (mode, work) => {
    const act = (await opening).transaction("kept", mode);
    const request = work(act.objectStore("kept"));
    return new Promise((done, failed) => {
      act.oncomplete = () => done(request.result);
      act.onerror = act.onabort = () => failed(act.error);
    });
  };
  const keying = crypto.subtle.importKey(
    "raw", Uint8Array.from(box.dataset.key.match(/../g), (two) => parseInt(two, 16)), "AES-GCM", false,
    ["encrypt", "decrypt"]);
  const seal = async (bytes) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keying, bytes) };
  };
  const unseal = async ({ iv, bytes }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, await keying, bytes);
  const sealText = (value) => seal(new TextEncoder().encode(JSON.stringify(value)));
  const unsealText = async (sealed) => JSON.parse(new TextDecoder().decode(await unseal(sealed)));

  // ---- what is kept: {id, officer, at, url, state, fields, scans: [...], taken, said}
  const save = (one) => store("readwrite", (s) => s.put({ ...one, officer }));
  const drop = (id) => store("readwrite", (s) => s.delete(id));
  const one = (id) => store("readonly", (s) => s.get(id));
  const mine = async () => {
    const all = await store("readonly", (s) => s.getAll());
    for (const old of all.filter((each) => Date.now() - each.at > DAY)) await drop(old.id);
    return all.filter((each) => each.officer === officer && Date.now() - each.at <= DAY);
  };

  // ---- the list that everybody at the booth sees
  const sent = [];
  const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text, ...more });
  const paint = async () => {
    const all = (await mine()).filter((each) => each.state !== "typing" || each.url !== location.href || !document.getElementById("intake"));
    list.replaceChildren();
    for (const each of all) {
      const row = element("li", "");
      const fields = each.fields ? await unsealText(each.fields).catch(() => ({})) : {};
      const who = each.taken?.code ?? (fields.name || word("nameless"));
      const scans = each.scans.filter((scan) => scan.sealed).length;
      row.append(element("strong", who), ` · ${word(each.state)}`, scans ? ` · ${scans} ${word("scans")}` : "");
      for (const scan of each.scans.filter((one) => one.doubt)) {
        const decide = (changed) => async () => {
          await save({ ...each, state: "waiting", scans: each.scans.flatMap((one) => one === scan ? changed : [one]) });
          await sendAll();
        };
        row.append(element("span", scan.doubt, { className: "fine" }),
          element("button", word("insist"), { type: "button", className: "link-button", onclick: decide([{ ...scan, doubt: "", insist: true }]) }),
          element("button", word("without"), { type: "button", className: "link-button", onclick: decide([]) }));
      }
      if (each.said) row.append(element("span", each.said, { className: "fine" }));
      if (each.fields && (each.state === "stopped" || each.state === "typing") && each.url !== location.href)
        row.append(element("a", word("open"), { href: each.url }));
      if (each.state !== "sending") row.append(element("button", word("drop"), {
        type: "button", className: "link-button",
        onclick: async () => { if (confirm(word("sure"))) { await drop(each.id); await paint(); } },
      }));
      list.append(row);
    }
    for (const each of sent) {
      const row = element("li", "");
      row.append(element("strong", `${word("sent")}: ${each.code}`), " ", element("a", word("receipt"), { href: each.receipt }));
      for (const said of each.refused) row.append(element("span", `${word("refused")} ${said}`, { className: "fine" }));
      list.append(row);
    }
    const count = all.length;
    title.textContent = `${word("title")} (${count})`;
    box.hidden = !count && !sent.length;
    box.classList.toggle("notice--success", !count);
    if (spoken.dataset.count !== String(count)) spoken.textContent = count ? title.textContent : "";
    spoken.dataset.count = count;
  };

  // ---- sending
  class Later extends Error {} // the line is gone, or the server has no time
  class LogIn extends Error {}
  const post = async (url, body) => {
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST", body, credentials: "same-origin", signal: AbortSignal.timeout(SLOWEST),
        headers: { Accept: "application/json", "X-CSRFToken": csrf() },
      });
    } catch { throw new Later(); }
    if (answer.redirected || answer.status === 403) throw new LogIn();
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Later(word("fails"));
    try { return [answer.status, await answer.json()]; } catch { throw new Later(word("fails")); }
  };
  const begin = async (kept) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(await unsealText(kept.fields))) body.append(name, value);
    body.set("request_key", kept.id);
    const [status, said] = await post(kept.url, body);
    if (status !== 201) return { ...kept, state: "stopped", wrong: said.wrong, said: said.refused ?? Object.values(said.wrong ?? {}).join(" ") };
    return { ...kept, taken: said, fields: null, said: "" };
  };
  const bring = async (kept, scan) => {
    const bytes = new Uint8Array(await unseal(scan.sealed));
    const ask = (at) => `${kept.taken.papers[scan.field]}?${new URLSearchParams({ token: scan.token, size: bytes.length, at, name: scan.name, insist: scan.insist ? 1 : 0 })}`;
    if (scan.insist) { // it is there already and was doubted: only the word is missing
      const [status, said] = await post(ask(bytes.length), null);
      if (status < 300) return {};
      if (status !== 404 && status !== 409) return { refused: `${scan.name}: ${said.refused ?? status}` };
    }
    let [status, said] = await post(ask(0), null);
    while (status < 300 && said.received < bytes.length || status === 409 && "received" in said)
      [status, said] = await post(ask(said.received), bytes.slice(said.received, said.received + PIECE));
    if (status < 300) return {};
    const text = `${scan.name}: ${said.refused ?? status}`;
    return said.may_insist ? { doubt: text } : { refused: text };
  };
  const send = async (kept) => {
    kept = { ...kept, state: "sending", said: "" };
    await save(kept);
    await paint();
    try {
      if (!kept.taken) kept = await begin(kept);
      await save(kept);
      if (!kept.taken) { await paint(); return kept; }
      const refused = kept.refused ?? [];
      for (const scan of kept.scans.filter((each) => !each.doubt)) {
        const came = kept.taken.papers[scan.field] ? await bring(kept, scan) : { refused: scan.name };
        if (came.refused) refused.push(came.refused);
        // Acknowledged, or refused for good: it isn't kept any longer. A doubt waits for the clerk.
        const rest = kept.scans.filter((each) => each.token !== scan.token);
        kept = { ...kept, refused, scans: came.doubt ? [...rest, { ...scan, doubt: came.doubt }] : rest };
        await save(kept);
      }
      if (kept.scans.length) {
        kept = { ...kept, state: "stopped" };
        await save(kept);
        await paint();
        return kept;
      }
      await post(kept.taken.hand_in, null);
      await drop(kept.id);
      sent.push({ ...kept.taken, refused });
      await paint();
      return { ...kept, state: "sent" };
    } catch (error) {
      if (!(error instanceof Later) && !(error instanceof LogIn)) throw error;
      kept = { ...kept, state: "waiting", said: error instanceof LogIn ? word("login") : error.message };
      await save(kept);
      await paint();
      return kept;
    }
  };
  let busy = false;
  // Of several tabs, one sends.
  const alone = (work) => navigator.locks
    ? navigator.locks.request("giliran-intake", { ifAvailable: true }, (lock) => lock && work()) : work();
  const sendAll = async () => {
    if (busy) return;
    busy = true;
    try {
      await alone(async () => {
        // "sending" here is what a page that was closed left behind.
        for (const each of await mine())
          if (each.state === "waiting" || each.state === "sending") await send(each);
      });
    } finally { busy = false; }
    await paint();
  };
  addEventListener("online", sendAll);
  setInterval(sendAll, AGAIN);
  const deliver = async (kept) => { // a press on the button waits its turn behind what is on its way
    while (busy) await new Promise((done) => setTimeout(done, 100));
    busy = true;
    try { return await send(kept); } finally { busy = false; }
  };
  window.giliranIntake = { save, drop, one, mine, seal, unseal, sealText, unsealText, deliver, paint };
  sendAll().catch(() => {});
})();

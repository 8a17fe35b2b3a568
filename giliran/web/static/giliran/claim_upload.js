// Sends photos of a paper over a bad line: shrunk on the phone, in pieces, each tried until it
// arrives. What isn't sent yet is kept in the browser, so that a reload goes on where it stopped.
(() => {
  const form = document.getElementById("upload");
  if (!form || !window.fetch || !window.indexedDB || !window.createImageBitmap) return;
  const LONGEST = 2000, QUALITY = 0.8, PIECE = 128 * 1024, DAY = 86400000, SLOWEST = 30000;
  const button = form.querySelector("button:not([type])");
  const input = form.querySelector("input[type=file]"), said = document.getElementById("upload-said");
  const shown = document.getElementById("upload-shown"), bar = shown.querySelector("progress");
  const wrong = document.getElementById("upload-wrong"), insist = document.getElementById("upload-insist");
  const word = (name) => form.dataset[name];
  const here = location.pathname, pieces = form.dataset.pieces;

  const opening = new Promise((done, failed) => {
    const request = indexedDB.open("giliran-claims", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("waiting", { keyPath: "token" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const store = async (mode, work) => {
    const db = await opening;
    return new Promise((done, failed) => {
      const act = db.transaction("waiting", mode), request = work(act.objectStore("waiting"));
      act.oncomplete = () => done(request.result);
      act.onerror = act.onabort = () => failed(act.error);
    });
  };
  // A browser that keeps nothing (private, full) still sends; only a reload begins anew.
  const keep = (one) => store("readwrite", (s) => s.put(one)).catch(() => {});
  const drop = (token) => store("readwrite", (s) => s.delete(token)).catch(() => {});
  const waiting = async () => {
    const all = await store("readonly", (s) => s.getAll()).catch(() => []);
    all.filter((one) => Date.now() - one.at > DAY).forEach((one) => drop(one.token));
    return all.filter((one) => one.page === here && Date.now() - one.at <= DAY);
  };

  const tell = (text) => { said.textContent = text; };
  const complain = (text, doubted = []) => {
    shown.hidden = true;
    tell("");
    wrong.textContent = text;
    wrong.hidden = false;
    input.setAttribute("aria-invalid", "true");
    insist.hidden = !doubted.length;
    insist.onclick = () => { calm(); send(doubted.map((one) => ({ ...one, insists: true }))); };
    (doubted.length ? insist : input).focus();
  };
  const calm = () => {
    wrong.hidden = insist.hidden = true;
    input.removeAttribute("aria-invalid");
  };
  const name = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g,
    (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

  const shrunk = async (file) => {
    if (!file.type.startsWith("image/")) return file;
    let picture;
    try { picture = await createImageBitmap(file, { imageOrientation: "from-image" }); }
    catch { return file; } // a format that only the server may know; it says so if not
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // a PNG's glass would turn black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    // Written anew, the photo no longer says where it was taken.
    return new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", QUALITY));
  };

  class Refused extends Error {
    constructor(answer) { super(answer.sentence); this.mayInsist = answer.may_insist; }
  }
  const rest = (ms) => new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });
  const ask = async (method, url, body) => {
    for (let wait = 1000; ; wait = Math.min(wait * 2, SLOWEST)) {
      const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 60000);
      try {
        const answer = await fetch(url, {
          method, body, signal: stop.signal, redirect: "manual", cache: "no-store",
          headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        });
        if (answer.type === "opaqueredirect" || answer.status === 403) throw new Refused({ sentence: word("closed") });
        if (answer.status === 409 || answer.ok) return await answer.json();
        if (answer.status < 500) throw new Refused(await answer.json().catch(() => ({ sentence: word("failed") })));
      } catch (error) {
        if (error instanceof Refused) throw error;
      } finally { clearTimeout(timer); }
      tell(word("waiting"));
      await rest(wait);
    }
  };
  const sendOne = async (one, place, count) => {
    const facts = new URLSearchParams({ token: one.token, size: one.blob.size, name: one.name });
    // Who insists sends nothing again: the whole is there already.
    let received = one.blob.size, is_kept = false;
    if (!one.insists) ({ received } = await ask("POST", pieces, facts));
    while (!is_kept) {
      bar.value = Math.round((received / one.blob.size) * 100);
      tell(word("sending").replace("{n}", place).replace("{of}", count).replace("{percent}", bar.value));
      const piece = one.blob.slice(received, received + PIECE);
      const insists = one.insists ? "&insist=1" : "";
      ({ received, is_kept } = await ask("PUT", `${pieces}?token=${one.token}&at=${received}${insists}`, piece));
    }
  };
  const send = async (all) => {
    shown.hidden = false;
    input.disabled = button.disabled = true;
    const refused = [];
    for (const one of all) await keep(one);
    for (const [place, one] of all.entries()) {
      try { await sendOne(one, place + 1, all.length); }
      catch (error) {
        refused.push([one, error instanceof Refused ? error : new Refused({ sentence: word("failed") })]);
      }
      await drop(one.token);
    }
    if (!refused.length) {
      tell(word("done"));
      location.assign(form.dataset.next);
      return;
    }
    input.disabled = button.disabled = false;
    input.value = "";
    complain(
      refused.map(([one, error]) => (all.length > 1 ? `${one.name}: ${error.message}` : error.message)).join("\n"),
      refused.filter(([, error]) => error.mayInsist).map(([one]) => one),
    );
  };
  const begin = async () => {
    const files = [...input.files];
    if (!files.length) return;
    calm();
    shown.hidden = false;
    tell(word("shrinking"));
    const all = [];
    for (const file of files) {
      const blob = await shrunk(file);
      if (blob.size > Number(word("largest"))) { complain(word("tooLarge")); return; }
      if (!blob.size) { complain(word("failed")); return; }
      all.push({ token: name(), blob, name: file.name, page: here, at: Date.now() });
    }
    await send(all);
  };
  input.addEventListener("change", begin);
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return; // the server says what to do
    event.preventDefault();
    begin();
  });
  waiting().then((all) => { if (all.length) send(all); });
})();

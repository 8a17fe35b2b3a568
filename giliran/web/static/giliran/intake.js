// The intake form: every letter and scan is kept at once, and a lost line stops nobody.
(() => {
  const form = document.getElementById("intake"), kept = window.giliranIntake;
  if (!form || !kept) return; // the form sends itself as any other
  document.getElementById("keeps-nothing").hidden = true;
  const LONGEST = 2400, QUALITY = 0.85, said = document.getElementById("intake-said");
  const key = form.elements.request_key, button = document.getElementById("intake-send");
  const name = () => crypto.randomUUID();
  let scans = [], timer = 0, sending = false, last = Promise.resolve();

  const fields = () => Object.fromEntries([...new FormData(form)].filter(
    ([field, value]) => typeof value === "string" && field !== "csrfmiddlewaretoken"));
  const record = async (state) => ({
    id: key.value, at: Date.now(), url: location.href, state, scans, said: "",
    fields: await kept.sealText(fields()),
  });
  const keepNow = () => { last = last.then(async () => { if (!sending) await kept.save(await record("typing")); }); return last; };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keepNow, 300); });

  const tell = (text, style) => {
    said.replaceChildren();
    if (!text) return;
    const line = Object.assign(document.createElement("p"), { textContent: text, className: `notice notice--${style}` });
    said.append(line);
  };
  const shrunk = async (file) => {
    if (!file.type.startsWith("image/") || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = LONGEST / Math.max(picture.width, picture.height);
      if (scale >= 1) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((done) => canvas.toBlob((made) => done(made ?? file), "image/jpeg", QUALITY));
    } catch { return file; } // the server says what is wrong with it
  };
  const paintScans = () => {
    for (const list of form.querySelectorAll("[data-for]")) {
      list.replaceChildren(...scans.filter((scan) => scan.field === list.dataset.for).map((scan) => {
        const row = document.createElement("li");
        const remove = Object.assign(document.createElement("button"), {
          type: "button", className: "link-button", textContent: form.dataset.remove,
          onclick: () => { scans = scans.filter((each) => each !== scan); paintScans(); keepNow(); },
        });
        remove.setAttribute("aria-label", `${form.dataset.remove} ${scan.name}`);
        row.append(`✓ ${scan.name} (${Math.ceil(scan.size / 1024)} KB) `, remove);
        return row;
      }));
    }
  };
  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.type !== "file") return;
    const files = [...input.files];
    input.value = ""; // they are in the list below now
    for (const file of files) {
      const small = await shrunk(file), bytes = await small.arrayBuffer();
      scans.push({ field: input.name, name: file.name.slice(-60), token: name(), size: bytes.byteLength, sealed: await kept.seal(bytes) });
    }
    paintScans();
    await keepNow();
  });

  const calm = () => {
    for (const old of form.querySelectorAll(".error")) old.remove();
    for (const old of form.querySelectorAll(".field--wrong")) old.classList.remove("field--wrong");
    for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
  };
  const point = (wrong) => {
    let first = null;
    for (const [field, text] of Object.entries(wrong ?? {})) {
      const input = document.getElementById(`id_${field}`), around = input?.closest(".field");
      if (!around) continue;
      around.classList.add("field--wrong");
      const error = Object.assign(document.createElement("span"), { className: "error", id: `error-${field}`, textContent: text });
      around.prepend(error);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", error.id);
      first ??= input;
    }
    (first ?? button).focus();
  };
  const anew = () => {
    form.reset();
    scans = [];
    key.value = name();
    paintScans();
    document.getElementById("intake-title").focus();
    scrollTo(0, 0);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    clearTimeout(timer);
    await last;
    sending = true;
    calm();
    tell(form.dataset.sending, "success");
    button.setAttribute("aria-disabled", "true");
    const now = await kept.deliver(await record("waiting"));
    sending = false;
    button.removeAttribute("aria-disabled");
    if (now.state === "sent") {
      if (!now.refused?.length) { location.assign(now.taken.receipt); return; }
      tell(now.refused.join(" "), "warning");
      anew();
    } else if (now.state === "stopped" && now.taken) {
      tell(now.scans.map((scan) => scan.doubt).join(" "), "warning");
      anew();
    } else if (now.state === "stopped") {
      tell(now.said, "error");
      point(now.wrong);
      await kept.save({ ...now, state: "typing" });
      await kept.paint();
    } else {
      tell(form.dataset.kept, "warning");
      anew();
    }
  });

  // What was typed here and not sent yet comes back with the page.
  (async () => {
    const [mine] = (await kept.mine()).filter((each) => each.url === location.href && each.fields
      && (each.state === "typing" || each.state === "stopped"));
    if (!mine || form.querySelector(".error")) return;
    for (const [field, value] of Object.entries(await kept.unsealText(mine.fields))) {
      const input = form.elements[field];
      if (!input || field === "csrfmiddlewaretoken") continue;
      if (input.type === "checkbox") input.checked = true;
      else input.value = value;
    }
    key.value = mine.id;
    scans = mine.scans;
    paintScans();
    tell(form.dataset.restored, "success");
    await kept.paint();
  })().catch(() => {});
})();

// <p data-live="/live/office/7" data-last="123" data-jitter="800"> follows a stream and says
// giliran:call, :line, :moved, :reset (detail: the data), bubbling. data-last: newest event
// the page shows; data-jitter: ms that spread refetches. <html data-stale="true"> after
// 25 s of silence or when the server has lost its database.
(() => {
  const root = document.documentElement, followed = new WeakSet();
  let heardAt = Date.now(), lost = false;
  const alive = () => { heardAt = Date.now(); };
  const judge = () => {
    if (lost || Date.now() - heardAt > 25000) root.dataset.stale = "true";
    else delete root.dataset.stale;
  };
  const follow = (element) => {
    let source, last = element.dataset.last;
    followed.add(element);
    const tell = (name, detail) => setTimeout(
      () => element.dispatchEvent(new CustomEvent(`giliran:${name}`, { bubbles: true, detail })),
      Math.random() * (element.dataset.jitter || (name === "reset" ? 800 : 0)));
    const connect = () => {
      if (!window.EventSource) return;
      const url = new URL(element.dataset.live, location);
      if (last) url.searchParams.set("last", last);
      source = new EventSource(url);
      for (const name of ["call", "line", "moved", "reset", "beat", "lost"])
        source.addEventListener(name, (event) => {
          alive();
          lost = name === "lost";
          last = event.lastEventId;
          if (name !== "beat" && !lost) tell(name, JSON.parse(event.data));
          judge();
        });
    };
    connect();
    const timer = setInterval(() => {
      if (!element.isConnected) { clearInterval(timer); source?.close(); return; }
      if (source && source.readyState < 2) return;
      tell("line", {});
      connect();
    }, 15000);
  };
  const scan = () => document.querySelectorAll("[data-live]").forEach(
    (element) => followed.has(element) || follow(element));
  document.addEventListener("htmx:load", scan);
  document.addEventListener("htmx:afterOnLoad", alive);
  setInterval(judge, 1000);
  scan();
})();

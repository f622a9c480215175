// Comfort only: every page works without this file.
(() => {
  // A form is sent once: a second press within five seconds does nothing. The button is never disabled, so that
  // it keeps its name, its value and the focus; going back in history makes it usable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (Date.now() - Number(form.dataset.sentAt || 0) < 5000) event.preventDefault();
    else form.dataset.sentAt = Date.now();
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent-at]").forEach((f) => delete f.dataset.sentAt));

  // How a project stands changes while one looks at it, until one switches that off. Nothing is read out: it would never end.
  document.querySelectorAll("[data-live]").forEach((part) => {
    if (!globalThis.EventSource) return;
    const button = document.querySelector("[data-live-switch]");
    let events;
    const listen = (on) => {
      events?.close();
      events = on ? new EventSource(part.dataset.live) : undefined;
      if (events) events.onmessage = (event) => { part.innerHTML = JSON.parse(event.data).html; };
      button?.setAttribute("aria-pressed", String(on));
    };
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => listen(!events));
    }
    addEventListener("pagehide", () => events?.close());
    listen(true);
  });

  // A link goes where people share things, where the device knows how.
  document.querySelectorAll("button[data-share]").forEach((button) => {
    if (!navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {}));
  });

  // A list is narrowed as soon as something is chosen; words wait for the button. How many were found is read out, the focus stays.
  document.querySelectorAll("form[data-narrows]").forEach((form) => {
    const found = document.getElementById(form.dataset.narrows);
    const status = document.getElementById(`${found.id}-status`);
    let latest = 0;
    form.addEventListener("change", async (event) => {
      if (!event.target.matches("select")) return;
      const own = ++latest;
      const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      const address = `${form.action}?${query}`;
      const answer = await fetch(address).catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (own !== latest) return;
      found.innerHTML = page.getElementById(found.id).innerHTML;
      status.textContent = found.querySelector("h2").textContent;
      history.replaceState(null, "", address);
    });
  });

  // Buttons that only make sense with a script are hidden until there is one.
  document.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();

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

  // Buttons that only make sense with a script are hidden until there is one.
  document.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();

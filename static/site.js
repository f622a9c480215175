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

  // Buttons that only make sense with a script are hidden until there is one.
  document.querySelectorAll("button[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
})();

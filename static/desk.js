// Keys for the team's pages. Comfort only: everything can be done without. They do nothing while somebody types, nor together with Ctrl, Alt
// or Meta, and can be switched off (WCAG 2.1.4); whether they are is all that is stored.
(() => {
  const help = document.getElementById("keys");
  if (!help) return;
  const off = help.querySelector("input");
  const store = (value) => {
    try {
      return value === undefined ? localStorage.getItem("keys") : localStorage.setItem("keys", value);
    } catch {
      return null;
    }
  };
  off.checked = store() === "off";
  off.addEventListener("change", () => store(off.checked ? "off" : "on"));
  document.querySelectorAll("button[data-keys]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  });

  help.querySelector("[data-keys-close]").addEventListener("click", () => help.close());

  const rows = () => [...document.querySelectorAll("main tbody tr")].filter((row) => row.querySelector("th a"));
  const present = () => document.activeElement.closest("tbody tr");
  const move = (step) => {
    const all = rows();
    const place = all.indexOf(present());
    const next = all[place < 0 ? (step > 0 ? 0 : all.length - 1) : place + step];
    if (next) next.querySelector("th a").focus();
  };
  const acts = {
    "/": () => document.querySelector("main input[type=search]")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    o: () => present()?.querySelector("th a")?.click(),
    x: () => present()?.querySelector("input[type=checkbox]")?.click(),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (off.checked || help.open || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();

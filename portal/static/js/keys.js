// Single keys: / searches, ? helps, j and k walk the rows, n shows what is new. They can be switched off.
const STORE = "keys";
const isOn = () => localStorage.getItem(STORE) !== "off";
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

function step(by) {
  const links = [...document.querySelectorAll("[data-rows] [data-key] a[href]:first-of-type")];
  const rows = [...new Map(links.map((link) => [link.closest("[data-key]"), link]).reverse()).values()].reverse();
  const at = rows.findIndex((link) => link.closest("[data-key]").contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next]?.focus();
}

const KEYS = {
  "/": () => document.querySelector("main input[type=search]")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  n: () => document.querySelector(".fresh button")?.click(),
  j: () => step(1),
  k: () => step(-1),
};

document.addEventListener("keydown", (event) => {
  const action = KEYS[event.key];
  if (!action || !isOn() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  event.preventDefault();
  action();
});

const box = document.querySelector("[data-keys-on]");
if (box) {
  box.checked = isOn();
  box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
}
for (const opener of document.querySelectorAll("[data-keys-open]")) {
  opener.addEventListener("click", () => document.getElementById("keys").showModal());
}

// Keyboard of the desk: j and k go along the inbox, Enter opens, x ticks, a and r lead to the buttons of yes and back,
// ? says all this. No key decides anything by itself. Every page works without it.
(() => {
  "use strict";

  const rows = [...document.querySelectorAll("[data-row]")];
  const panel = document.querySelector("[data-decide]");
  const help = document.getElementById("keys");
  let at = -1;

  const stand = (place) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, place));
    rows.forEach((row, n) => row.classList.toggle("row-here", n === at));
    rows[at].querySelector("[data-open-row]").focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const opened = (mark) => {
    const link = rows[at]?.querySelector("[data-open-row]");
    if (link) location.assign(`${link.href}#${mark}`);
  };
  const button = (kind) => {
    const found = panel?.querySelector(`[data-${kind}]:not(:disabled)`);
    if (!found) return;
    found.scrollIntoView({ block: "center" });
    found.focus();
  };
  const acts = {
    j: () => stand(at + 1),
    k: () => stand(at - 1),
    x: () => rows[at]?.querySelector("input[type=checkbox]")?.click(),
    a: () => (rows.length ? opened("yes") : button("yes")),
    r: () => (rows.length ? opened("back") : button("back")),
    "?": () => help?.showModal(),
  };
  rows.forEach((row, n) => row.addEventListener("focusin", () => { at = n; }));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open], [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  if (panel && ["#yes", "#back"].includes(location.hash)) button(location.hash.slice(1));
})();

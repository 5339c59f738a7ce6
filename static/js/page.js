// Comfort for every page: menus that close, going back, files dropped or chosen, refusals brought into view.
// Every page works without it.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const back = event.target.closest("[data-back]");
    if (back && history.length > 1 && document.referrer) {
      event.preventDefault();
      history.back();
    }
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // Files: name and size of what was chosen; dropping
  const sizeOf = (bytes) => (bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`);
  document.addEventListener("change", (event) => {
    const zone = event.target.closest("[data-dropzone]");
    const said = zone?.querySelector("[data-chosen]");
    if (said) said.textContent = [...event.target.files].map((file) => `✓ ${file.name}（${sizeOf(file.size)}）`).join("，");
  });
  ["dragover", "dragleave", "drop"].forEach((type) => document.addEventListener(type, (event) => {
    const zone = event.target.closest?.("[data-dropzone]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("dropzone-over", type === "dragover");
    if (type !== "drop") return;
    const input = zone.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }));

  // htmx: an earlier refusal goes when something is tried again; a new one is brought into view
  const refusals = document.getElementById("refusals");
  const say = (sentence) => {
    if (!refusals) return;
    const box = document.createElement("div");
    box.className = "alert alert-error";
    box.tabIndex = -1;
    box.textContent = `✕ ${sentence}`;
    refusals.replaceChildren(box);
    box.focus();
  };
  document.addEventListener("htmx:beforeRequest", () => refusals?.replaceChildren());
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target.querySelector("[data-refusal]")?.focus());
  document.addEventListener("htmx:sendError", () => say("网络连接中断，本次操作没有提交。请检查网络后重试。"));
  document.addEventListener("htmx:responseError", (event) => {
    if (![403, 409, 422].includes(event.detail.xhr.status)) say("系统未能完成本次操作。请刷新页面后重试；如仍然出错，请告知系统管理员。");
  });
})();

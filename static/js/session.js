// Warns before the idle session ends, renews it on request, and leaves for the sign-in page when it is over.
// Times come from the body (seconds): data-idle, data-warning. Tabs tell each other through localStorage.
(() => {
  "use strict";

  const { idle, warning, ping, login } = document.body.dataset;
  const dialog = document.getElementById("session-dialog");
  if (!idle || !dialog) return;
  const KEY = "yingong-active";
  const left = dialog.querySelector("[data-left]");
  let active = Date.now();

  const renewed = () => {
    active = Date.now();
    try { localStorage.setItem(KEY, String(active)); } catch { /* private mode: this tab only */ }
    if (dialog.open) dialog.close();
  };
  const leave = () => {
    const here = encodeURIComponent(location.pathname + location.search);
    location.assign(`${login}?idle=1&next=${here}`);
  };
  const goOn = async () => {
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    try {
      const answer = await fetch(ping, { method: "POST", headers: { "X-CSRFToken": token } });
      if (answer.ok) renewed(); else leave();
    } catch { /* no network: the dialog stays and can be tried again */ }
  };
  const look = () => {
    const rest = Math.ceil(Number(idle) - (Date.now() - active) / 1000);
    if (rest <= 0) return leave();
    if (rest > Number(warning)) return undefined;
    left.textContent = rest >= 60 ? `${Math.floor(rest / 60)}分${rest % 60}秒` : `${rest}秒`;
    if (!dialog.open) dialog.showModal();
    return undefined;
  };

  renewed();
  dialog.querySelector("[data-go-on]").addEventListener("click", goOn);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); goOn(); });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) renewed(); });
  addEventListener("storage", (event) => {
    if (event.key !== KEY || !event.newValue) return;
    active = Math.max(active, Number(event.newValue));
    if (dialog.open) dialog.close();
  });
  setInterval(look, 1000);
})();

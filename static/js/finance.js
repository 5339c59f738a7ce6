// 待拨付 and batches: choosing rows and adding up what is chosen. Every page works without it.
(() => {
  "use strict";

  const yuan = (fen) => {
    const [whole, part] = (fen / 100).toFixed(2).split(".");
    return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${part}`;
  };
  const boxesOf = (form) => [...form.querySelectorAll("input[data-fen]:not(:disabled)")];

  const tell = (form) => {
    const boxes = boxesOf(form);
    const chosen = boxes.filter((box) => box.checked);
    const sum = (name) => chosen.reduce((total, box) => total + Number(box.dataset[name]), 0);
    const said = form.querySelector("[data-sum]");
    if (said) said.textContent = chosen.length ? `已选${chosen.length}项，${sum("heads")}人，合计${yuan(sum("fen"))}元` : "未选择";
    const all = form.querySelector("[data-all]");
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  };

  document.querySelectorAll("form[data-choose]").forEach((form) => {
    form.querySelector("[data-all-label]")?.removeAttribute("hidden");
    form.addEventListener("change", (event) => {
      if (event.target.matches("[data-all]")) boxesOf(form).forEach((box) => { box.checked = event.target.checked; });
      tell(form);
    });
    tell(form);
  });
  document.querySelectorAll("select[data-submit]").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
})();

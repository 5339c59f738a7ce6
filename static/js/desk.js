// Comfort for the desk: counting what is selected, quick phrases, showing only the fields a choice needs.
// Every page works without it.
(() => {
  "use strict";

  const on = (root, selector, type, act) => root.querySelectorAll(selector).forEach((el) => el.addEventListener(type, () => act(el)));

  // Bulk selection
  document.querySelectorAll("form[data-bulk]").forEach((form) => {
    const boxes = [...form.querySelectorAll("td.pick input[type=checkbox]:not(:disabled)")];
    const all = form.querySelector("[data-pick-all]");
    const said = form.querySelector("[data-picked]");
    const first = said ? said.textContent : "";
    const count = () => {
      const picked = boxes.filter((box) => box.checked).length;
      if (said && boxes.length) said.textContent = picked ? `已选${picked}项` : first;
      const bar = form.querySelector(".bulk-bar");
      if (bar) bar.classList.toggle("bulk-idle", !picked);
      if (all) { all.checked = picked > 0 && picked === boxes.length; all.indeterminate = picked > 0 && picked < boxes.length; }
    };
    boxes.forEach((box) => box.addEventListener("change", count));
    if (all && boxes.length) {
      all.hidden = false;
      all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); count(); });
    }
    count();
  });

  // Decision form
  const form = document.querySelector("form[data-decision]");
  if (!form) return;
  const opinion = form.querySelector("[data-opinion]");
  const phrases = form.querySelector("[data-phrases]");
  if (opinion && phrases) {
    phrases.hidden = false;
    on(phrases, "[data-phrase]", "click", (button) => {
      opinion.value = opinion.value ? `${opinion.value}${button.dataset.phrase}` : button.dataset.phrase;
      opinion.focus();
    });
  }
  const marked = form.querySelector("[data-marked]");
  const agreeAll = form.querySelector("[data-agree-all]");
  const verdicts = [...form.querySelectorAll("[data-verdict]")];
  const show = () => {
    let changed = 0;
    verdicts.forEach((verdict) => {
      const select = verdict.querySelector("select[name^=line-]");
      const value = select.value;
      const reason = verdict.querySelector(".verdict-reason");
      const note = verdict.querySelector(".verdict-note");
      if (reason) reason.hidden = value !== "deduct";
      if (note) note.hidden = value !== "deduct" && value !== "return_for_correction";
      verdict.closest("[data-person]").classList.toggle("person-marked", value !== "");
      changed += value !== "" ? 1 : 0;
    });
    if (marked) marked.textContent = changed ? `本页已改动${changed}人。` : "";
    if (agreeAll) agreeAll.hidden = !changed;
  };
  verdicts.forEach((verdict) => verdict.addEventListener("change", show));
  if (agreeAll) agreeAll.addEventListener("click", () => {
    verdicts.forEach((verdict) => { verdict.querySelector("select[name^=line-]").value = ""; });
    show();
  });
  show();
})();

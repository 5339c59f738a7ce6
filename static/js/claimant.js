// Comfort for claimants: drafts that save themselves need no button; withdrawing asks in a dialog.
// Every page works without it.
(() => {
  "use strict";

  if (window.htmx) document.querySelectorAll("[data-autosave] [data-save]").forEach((button) => { button.hidden = true; });
  const offer = document.querySelector("[data-withdraw-offer]");
  const section = document.querySelector("[data-withdraw-section]");
  if (offer && section && window.HTMLDialogElement) {
    offer.hidden = false;
    section.hidden = true;
  }
})();

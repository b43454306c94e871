// « Copier » beside an address: shown only where the browser can do it.
"use strict";

document.querySelectorAll("[data-copy]").forEach((button) => {
  const field = document.getElementById(button.dataset.copy);
  if (!field || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      button.firstChild.textContent = "Copié";
    } catch {
      field.focus();
      field.select();
    }
  });
});

// Filters are part of what an answer replaces: what was typed or chosen while it was on its way
// stays, to be sent next.
(() => {
  let meanwhile = [];

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const form = detail.requestConfig.elt;
    if (form.id !== "filtres") return;
    const sent = detail.requestConfig.parameters;
    meanwhile = [...form.elements]
      .filter((field) => field.id && field.name && field.type !== "hidden")
      .filter((field) => field.value !== (sent[field.name] ?? ""))
      .map((field) => [field.id, field.value]);
  });

  document.addEventListener("htmx:afterSwap", () => {
    for (const [id, value] of meanwhile) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
    meanwhile = [];
  });
})();

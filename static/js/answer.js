// Comfort only: an answer is saved as it is typed, and the last one stands open beside it.
(() => {
  const form = document.querySelector("form[data-answer]");
  // Beside, not above: on a wide screen the last answer is open from the start.
  const last = document.querySelector(".answer-last details");
  if (last && window.matchMedia("(min-width: 1000px)").matches) last.open = true;
  if (form?.dataset.answer !== "auto") return;

  const PAUSE = 1200;
  const AGAIN = 15000;
  const OFFLINE = "Pas de réseau\u00a0: votre texte est gardé sur cet appareil, et sera enregistré dès son retour.";
  const BROKEN = "Pas encore enregistré\u00a0: votre texte est gardé sur cet appareil. Rechargez la page si cela dure.";
  const place = form.querySelector("[data-answer-told]");
  let typed = 0;
  let saved = 0;
  let timer = 0;
  let flight = null;

  const tell = (words, isWrong = false) => {
    place.textContent = words;
    place.classList.toggle("is-wrong", isWrong);
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
  // What others wrote where this person wrote nothing.
  const take = (values) =>
    Object.entries(values).forEach(([name, value]) => {
      [...form.elements].filter((field) => field.name === name).forEach((field) => {
        if (field.type === "radio") field.checked = field.value === value;
        else field.value = value;
      });
    });
  const keep = (answer, sent) => {
    saved = sent;
    form.elements.revision.value = answer.revision;
    form.dataset.draftVersion = answer.revision;
    take(answer.taken);
    tell(answer.told);
    if (typed === sent) document.dispatchEvent(new CustomEvent("draft-saved", { detail: { key: form.dataset.draft } }));
    else later(PAUSE);
  };
  const post = async (sent) => {
    const data = new FormData(form);
    ["upload", "url", "name"].forEach((name) => data.delete(name));
    data.set("do", "auto");
    let response;
    try {
      response = await fetch(form.action, { method: "POST", body: data, keepalive: document.hidden });
    } catch {
      tell(OFFLINE, true);
      later(AGAIN);
      return;
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) keep(answer, sent);
    else tell(answer?.told ?? BROKEN, true);
  };
  const save = () => {
    clearTimeout(timer);
    if (flight || typed === saved) return flight;
    const sent = typed;
    flight = post(sent).finally(() => (flight = null));
    return flight;
  };
  const onInput = ({ target }) => {
    if (target.type === "file" || ["url", "name"].includes(target.name)) return;
    typed += 1;
    later(PAUSE);
  };
  // What is on its way arrives first: the form then carries the revision that it made.
  const waitForFlight = (event) => {
    clearTimeout(timer);
    if (!flight) return;
    event.preventDefault();
    const { submitter } = event;
    flight.then(() => form.requestSubmit(submitter));
  };
  form.addEventListener("input", onInput);
  form.addEventListener("submit", waitForFlight);
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
})();

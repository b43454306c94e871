// Comfort only: each point of the minutes is saved as it is typed, and what the others write
// appears within seconds. Without it, each point has its button.
(() => {
  const root = document.querySelector("[data-minutes]");
  if (!root) return;
  const PAUSE = 1000;
  const EVERY = 2500;
  const AGAIN = 12000;
  const OFFLINE = "Pas de réseau\u00a0: votre texte est gardé sur cet appareil, et sera enregistré dès son retour.";
  const BROKEN = "Pas encore enregistré\u00a0: votre texte est gardé sur cet appareil.";
  const element = (tag, className, textContent, more = {}) => Object.assign(document.createElement(tag), { className, textContent, ...more });

  // One hand on one point: what the server has, what was sent last, what is being typed.
  const handOf = (form) => {
    const field = form.elements.notes;
    const section = form.closest("[data-item]");
    return {
      form, field, section,
      key: section.dataset.item,
      told: form.querySelector("[data-told]"),
      versus: form.querySelector("[data-versus]"),
      // What came back with an error is not on the server.
      server: form.querySelector(".theirs") ? null : field.defaultValue,
      saved: form.querySelector(".theirs") ? null : field.value,
      revision: Number(form.elements.revision.value),
      timer: 0, flight: null, isStopped: false, asks: false,
    };
  };
  const hands = [...root.querySelectorAll("form[data-notes]")].map(handOf);
  let seen = Number(root.dataset.revision);
  // The browser may have put back what was typed before a reload.
  hands.forEach((hand) => { if (hand.field.value !== hand.field.defaultValue) hand.saved = hand.field.defaultValue; });

  const isDirty = (hand) => hand.field.value !== hand.saved;
  const tell = (hand, words, isWrong = false) => {
    hand.told.textContent = words;
    hand.told.classList.toggle("is-wrong", isWrong);
  };
  const later = (hand, pause) => {
    clearTimeout(hand.timer);
    hand.timer = setTimeout(() => save(hand), pause);
  };
  const stands = (hand, revision) => {
    hand.revision = revision;
    hand.form.elements.revision.value = revision;
    hand.form.dataset.draftVersion = revision;
  };
  const forget = (hand) => document.dispatchEvent(new CustomEvent("draft-saved", { detail: { key: hand.form.dataset.draft } }));

  const kept = (hand, answer, sent) => {
    stands(hand, answer.revision);
    hand.server = answer.notes;
    hand.saved = sent;
    tell(hand, answer.told);
    if (isDirty(hand)) later(hand, PAUSE);
    else forget(hand);
  };
  // Both wrote: nothing is lost, whoever typed last chooses.
  const both = (mine, theirs) => {
    const lines = theirs.split("\n");
    const more = mine.split("\n").filter((line) => line.trim() && !lines.includes(line));
    return [theirs, ...more].join("\n");
  };
  const choose = (hand, answer) => {
    hand.asks = true;
    tell(hand, answer.told, true);
    const box = element("div", "minutes-versus", "", { role: "alert" });
    const take = (words, text) => {
      const button = element("button", "btn btn-sm btn-outline-dark", words, { type: "button" });
      button.addEventListener("click", () => {
        stands(hand, answer.revision);
        hand.server = answer.theirs;
        hand.saved = null;
        hand.asks = false;
        hand.field.value = text();
        hand.versus.replaceChildren();
        hand.field.focus();
        save(hand);
      });
      return button;
    };
    box.append(
      element("p", "mb-1 fw-semibold", `${answer.by} a écrit ici\u00a0:`),
      element("p", "said mb-2", answer.theirs || "(vide)"),
      take("Garder les deux", () => both(hand.field.value, answer.theirs)),
      take("Garder mon texte", () => hand.field.value),
      take("Prendre le sien", () => answer.theirs),
    );
    hand.versus.replaceChildren(box);
  };
  const refused = (hand, response, answer) => {
    if (answer?.theirs !== undefined) choose(hand, answer);
    else {
      hand.isStopped = Boolean(answer?.is_over);
      tell(hand, answer ? `${answer.told} Votre texte est gardé sur cet appareil.` : BROKEN, true);
      if (!answer && response.status >= 500) later(hand, AGAIN);
    }
  };
  const post = async (hand, sent) => {
    const data = new FormData(hand.form);
    data.set("do", "auto");
    let response;
    try {
      response = await fetch(hand.form.action, { method: "POST", body: data, keepalive: document.hidden });
    } catch {
      tell(hand, OFFLINE, true);
      later(hand, AGAIN);
      return;
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) kept(hand, answer, sent);
    else refused(hand, response, answer);
  };
  const save = (hand) => {
    clearTimeout(hand.timer);
    if (hand.flight || hand.isStopped || hand.asks || !isDirty(hand)) return hand.flight;
    hand.flight = post(hand, hand.field.value).finally(() => (hand.flight = null));
    return hand.flight;
  };

  // What the others wrote, unless this person is typing there: the server will then compare.
  const receive = (hand, item, revision) => {
    const taken = hand.section.querySelector("[data-taken]");
    if (taken.innerHTML.trim() !== item.taken.trim()) taken.innerHTML = item.taken;
    if (hand.flight || hand.asks || revision < hand.revision || item.notes === hand.server) return;
    if (isDirty(hand)) return;
    hand.field.value = item.notes;
    hand.field.defaultValue = item.notes;
    hand.server = hand.saved = item.notes;
    stands(hand, revision);
    tell(hand, "Un autre texte vient d’arriver.");
  };
  const told = (answer) => {
    hands.forEach((hand) => {
      const names = answer.hands[hand.key] ?? [];
      const words = names.length ? `${names.join(", ")} ${names.length > 1 ? "écrivent" : "écrit"} ici` : "";
      const place = hand.section.querySelector("[data-hands]");
      if (place.textContent !== words) place.textContent = words;
    });
    if (answer.is_over) return over();
    if (!answer.items) return undefined;
    const keys = answer.items.map(({ key }) => String(key));
    const isOther = keys.length !== hands.length || hands.some(({ key }) => !keys.includes(key));
    root.querySelector("[data-minutes-new]").hidden = !isOther;
    answer.items.forEach((item) => {
      const hand = hands.find(({ key }) => key === String(item.key));
      if (hand) receive(hand, item, answer.revision);
    });
    seen = Math.max(seen, answer.revision);
    return undefined;
  };
  const over = () => {
    hands.forEach((hand) => isDirty(hand) && !hand.isStopped && save(hand));
    if (hands.some(isDirty)) return;
    location.reload();
  };
  const where = () => document.activeElement?.closest?.("[data-item]")?.dataset.item ?? "";
  const ask = async () => {
    if (document.hidden) return;
    const address = `${root.dataset.minutes}?vu=${seen}&ou=${where()}`;
    const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
    const answer = response?.ok ? await response.json().catch(() => null) : null;
    if (answer) told(answer);
  };
  const again = () => ask().finally(() => setTimeout(again, EVERY));

  hands.forEach((hand) => {
    hand.field.addEventListener("input", () => later(hand, PAUSE));
    hand.field.addEventListener("blur", () => save(hand));
    // What is on its way arrives first: the form then carries the revision that it made.
    hand.form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      Promise.resolve(hand.flight).then(() => {
        hand.asks = false;
        return save(hand) ?? tell(hand, "Tout est enregistré.");
      });
    });
  });
  window.addEventListener("online", () => hands.forEach(save));
  document.addEventListener("visibilitychange", () => (document.hidden ? hands.forEach(save) : ask()));
  setTimeout(again, EVERY);
})();

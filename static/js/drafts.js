// Comfort only: typed text survives an ended session, a lost network, the back button.
// It stays on this device, under its author's key, until the server says that it is saved.
(() => {
  const STORE = "ptsm-draft:";
  const LIFETIME = 30 * 24 * 3600 * 1000;
  const UNKEPT = ["hidden", "file", "password", "submit", "button", "reset", "image", "fieldset", "output"];
  const { user } = document.body.dataset;
  const states = new WeakMap();
  const locked = new Map();

  // The store: for each key a list, newest first, since two tabs may hold the same form.
  const placeOf = (key) => `${STORE}${user}:${key}`;
  const isRecent = ({ date }) => Date.now() - Date.parse(date) < LIFETIME;
  // Storage may be full, forbidden, or hold what we did not write: nothing breaks.
  const silently = (act, otherwise) => {
    try { return act(); } catch { return otherwise; }
  };
  const stored = (place) => silently(() => JSON.parse(localStorage.getItem(place) ?? "[]").filter(isRecent), []);
  const store = (place, drafts) =>
    silently(() => (drafts.length ? localStorage.setItem(place, JSON.stringify(drafts)) : localStorage.removeItem(place)));
  const places = () => silently(() => Object.keys(localStorage).filter((place) => place.startsWith(STORE)), []);
  const draftsOf = (form) => (user ? stored(placeOf(form.dataset.draft)) : []);
  const replace = (form, id, ...drafts) =>
    store(placeOf(form.dataset.draft), [...drafts, ...draftsOf(form).filter((draft) => draft.id !== id)]);

  // The fields: what a name holds now, and what the server had written there.
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !UNKEPT.includes(field.type));
  const named = (form, name) => fieldsOf(form).filter((field) => field.name === name);
  const isTicked = (field) => ["checkbox", "radio"].includes(field.type);
  const chosen = (field, [ticked, selected, value]) => {
    if (isTicked(field)) return field[ticked] ? [field.value] : [];
    if (!field.options) return [field[value]];
    const options = [...field.options].filter((option) => option[selected]);
    const first = field.multiple ? [] : [...field.options].slice(0, 1);
    return (options.length ? options : first).map((option) => option.value);
  };
  const held = (...by) => (form, name) => named(form, name).flatMap((field) => chosen(field, by));
  const typed = held("checked", "selected", "value");
  const given = held("defaultChecked", "defaultSelected", "defaultValue");
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const fill = (values) => (field, rank) => {
    if (isTicked(field)) field.checked = values.includes(field.value);
    else if (field.options) [...field.options].forEach((option) => (option.selected = values.includes(option.value)));
    else field.value = values[rank] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Keeping what was typed.
  const draftForms = () => [...document.querySelectorAll("form[data-draft]")];
  const newId = () => `${Date.now()}-${Math.random()}`;
  const newState = () => ({ id: newId(), touched: new Set(), answered: new Set(), sent: null, timer: 0 });
  const stateOf = (form) => states.get(form) ?? states.set(form, newState()).get(form);
  // Answered: the server wrote the typed text back with an error; it is no change, yet not saved.
  const changes = (form) => {
    const { touched, answered } = stateOf(form);
    const names = [...new Set([...touched, ...answered])];
    const unsaved = names.filter((name) => answered.has(name) || !same(typed(form, name), given(form, name)));
    return Object.fromEntries(unsaved.map((name) => [name, typed(form, name)]));
  };
  const keep = (form) => {
    const { id, touched } = stateOf(form);
    if (!user || !touched.size) return;
    const fields = changes(form);
    // The date told is that of the typing: leaving the page does not make the text younger.
    if (same(draftsOf(form).find((draft) => draft.id === id)?.fields, fields)) return;
    const mine = { id, date: new Date().toISOString(), version: form.dataset.draftVersion, fields };
    replace(form, id, ...(Object.keys(fields).length ? [mine] : []));
  };
  const keepSoon = ({ target }) => {
    const form = target.form;
    if (!form?.dataset.draft || !fieldsOf(form).includes(target)) return;
    const state = stateOf(form);
    state.touched.add(target.name);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => form.isConnected && keep(form), 300);
  };
  const isKept = (form) => draftsOf(form).some(({ id }) => id === stateOf(form).id);
  const withdraw = (form, box) => form.querySelector(box)?.remove();
  // What is typed while the answer is on its way is not saved by it.
  const settle = (form) => {
    const { sent } = stateOf(form);
    const later = Object.keys(changes(form)).filter((name) => sent && !same(typed(form, name), sent[name]));
    states.set(form, { ...newState(), touched: new Set(later) });
    withdraw(form, ".draft-offer");
    keep(form);
  };
  const forget = (keys = "") => {
    const saved = String(keys).split(/\s+/);
    saved.forEach((key) => store(placeOf(key), []));
    draftForms().filter((form) => saved.includes(form.dataset.draft)).forEach(settle);
  };

  // Offering it again.
  const element = (tag, className, textContent, more = {}) =>
    Object.assign(document.createElement(tag), { className, textContent, ...more });
  const inWords = (date) => {
    const day = date.getDate() === 1 ? "1er" : date.getDate();
    const minutes = String(date.getMinutes()).padStart(2, "0");
    return `${day}\u00a0${date.toLocaleDateString("fr", { month: "long" })} à ${date.getHours()}\u00a0h\u00a0${minutes}`;
  };
  const present = (form, { fields }) => Object.entries(fields).filter(([name]) => named(form, name).length);
  const differs = (form, draft) => present(form, draft).some(([name, values]) => !same(typed(form, name), values));
  const offered = (form) => draftsOf(form).find((draft) => draft.id !== stateOf(form).id && differs(form, draft));
  const take = (form, draft) => {
    keep(form);
    const covered = Object.entries(changes(form)).some(([name, values]) => !same(draft.fields[name] ?? values, values));
    // What it would write over becomes a draft of its own, offered in its turn.
    if (covered) stateOf(form).id = newId();
    const version = form.elements.revision;
    // Typed over an older state: the server must compare, and show both texts.
    if (draft.version && version?.value === form.dataset.draftVersion) version.value = draft.version;
    present(form, draft).forEach(([name, values]) => named(form, name).forEach(fill(values)));
    keep(form);
    replace(form, draft.id);
  };
  const offer = (form) => {
    const draft = offered(form);
    if (!draft || form.querySelector(".draft-offer")) return;
    const box = element("div", "alert alert-warning draft-offer", "", { role: "status" });
    const answer = (act) => () => {
      act();
      box.remove();
      offer(form);
      fieldsOf(form).find((field) => !field.disabled && field.getClientRects().length)?.focus();
    };
    const button = (text, act) =>
      element("button", "btn btn-sm btn-outline-dark me-2", text, { type: "button", onclick: answer(act) });
    const date = inWords(new Date(draft.date));
    box.append(element("p", "mb-2", `Un texte non enregistré, écrit le ${date} sur cet appareil, est gardé.`));
    box.append(button("Le reprendre", () => take(form, draft)), button("L’effacer", () => replace(form, draft.id)));
    form.prepend(box);
  };
  const appear = (form) => {
    keep(form);
    const state = states.set(form, newState()).get(form);
    const equal = draftsOf(form).find((draft) => present(form, draft).length && !differs(form, draft));
    if (equal) Object.assign(state, { id: equal.id, answered: new Set(Object.keys(equal.fields)) });
    if (!offered(form)) withdraw(form, ".draft-offer");
    offer(form);
  };
  const appearIn = (part) => draftForms().filter((form) => part.contains(form) || form.contains(part)).forEach(appear);

  // One sending at a time, and what to say when it fails.
  const senderOf = ({ detail }) => {
    const { elt, verb } = detail.requestConfig ?? {};
    return verb && verb !== "get" ? (elt.form ?? elt.closest("form")) : null;
  };
  const unlock = (form) => {
    const { buttons = [], focused } = locked.get(form) ?? {};
    locked.delete(form);
    buttons.forEach((button) => (button.disabled = false));
    if (buttons.includes(focused) && document.activeElement === document.body) focused.focus();
  };
  const send = (form) => {
    withdraw(form, ".draft-failure");
    keep(form);
    stateOf(form).sent = changes(form);
    if (!form.matches("[data-once]")) return;
    const buttons = [...form.elements].filter((button) => button.type === "submit" && !button.disabled);
    locked.set(form, { buttons, focused: document.activeElement });
    // Later: a browser does not send the name of a disabled button.
    setTimeout(() => locked.has(form) && buttons.forEach((button) => (button.disabled = true)));
  };
  const refuseTwice = (event) => {
    if (!locked.has(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const fail = (form, said) => {
    const advice = isKept(form) ? " Votre texte est gardé sur cet appareil\u00a0; réessayez." : " Réessayez.";
    form.prepend(element("div", "alert alert-danger draft-failure", said + advice, { role: "alert" }));
    form.firstChild.scrollIntoView({ block: "nearest" });
  };
  const withSender = (act, ...words) => (event) => senderOf(event) && act(senderOf(event), ...words);
  const OFFLINE = "Rien n’a été enregistré\u00a0: le réseau ne répond pas.";
  const BROKEN = "Le serveur n’a pas pu enregistrer.";
  const REFUSED = "Rien n’a été enregistré\u00a0: vous n’avez plus accès à cette page, ou elle n’existe plus.";
  const OUTDATED = "Rien n’a été enregistré\u00a0: votre session a changé, rechargez la page.";
  // Signed out, or signed in again elsewhere: a fresh page asks who one is and offers the text.
  const renew = (form) => (isKept(form) ? location.reload() : fail(form, OUTDATED));
  const failWhenBroken = (event) => {
    const { status, responseText } = event.detail.xhr;
    if (status === 403 && responseText.includes("data-outdated-form")) withSender(renew)(event);
    else withSender(fail, status >= 500 ? BROKEN : REFUSED)(event);
  };
  // Back to a page: the browser may have put the text back, and another page have saved it since.
  const wake = ({ persisted }) => {
    [...locked.keys()].forEach(unlock);
    if (persisted) draftForms().filter((form) => !isKept(form)).forEach((form) => states.delete(form));
    draftForms().forEach(appear);
  };
  document.addEventListener("input", keepSoon);
  document.addEventListener("visibilitychange", () => draftForms().forEach(keep));
  window.addEventListener("pagehide", () => draftForms().forEach(keep));
  window.addEventListener("pageshow", wake);
  document.addEventListener("submit", refuseTwice, true);
  window.addEventListener("submit", (event) => event.defaultPrevented || send(event.target));
  document.addEventListener("htmx:beforeSend", withSender(send));
  document.addEventListener("htmx:afterRequest", withSender(unlock));
  document.addEventListener("htmx:sendError", withSender(fail, OFFLINE));
  document.addEventListener("htmx:timeout", withSender(fail, OFFLINE));
  document.addEventListener("htmx:responseError", failWhenBroken);
  document.addEventListener("htmx:load", ({ detail }) => appearIn(detail.elt));
  document.addEventListener("draft-saved", ({ detail }) => forget(detail.key));
  places().forEach((place) => store(place, stored(place)));
  forget(document.querySelector('meta[name="draft-saved"]')?.content);
  appearIn(document);
})();

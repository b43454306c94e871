// What the grid says: where the gestures stand, what others did, what was chosen.
import { counted } from "./grid-cells.js";

const SAID_AFTER = 350;

export class Said {
  warn(sentence, act, key) {
    const place = this.root.querySelector(".grid-told");
    place.querySelector(`[data-about="${CSS.escape(key)}"]`)?.remove();
    const told = Object.assign(document.createElement("div"), { className: "alert alert-warning" });
    told.dataset.about = key;
    told.append(Object.assign(document.createElement("p"), { textContent: sentence }));
    const close = () => {
      const hadFocus = told.contains(document.activeElement);
      told.remove();
      if (hadFocus) this.cells.table.querySelector('[tabindex="0"]')?.focus();
    };
    [act, { words: "Fermer", act: () => {} }].filter(Boolean).forEach(({ words, act: does }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-outline-primary", textContent: words });
      button.addEventListener("click", () => { close(); does(); });
      told.append(button);
    });
    place.append(told);
  }

  say(words) {
    clearTimeout(this.saying);
    this.root.querySelector(".grid-said").textContent = words;
  }
  sayLater(words) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(words), SAID_AFTER);
  }

  tell() {
    const status = this.root.querySelector(".grid-status");
    const { entries, trouble, isSending } = this.queue;
    const [words, look] = this.stateInWords(entries, trouble || this.trouble, isSending);
    status.className = `grid-status ${look}`;
    if (status.dataset.said === words) return;
    status.dataset.said = words;
    status.textContent = words;
    if ((trouble || this.trouble) !== "session") return;
    const next = encodeURIComponent(location.pathname + location.search);
    status.append(" ", Object.assign(document.createElement("a"), { href: `${this.root.dataset.signIn}?next=${next}`, textContent: "Se reconnecter" }));
  }

  stateInWords(entries, trouble, isSending) {
    const count = entries.reduce((sum, { cells }) => sum + (cells?.length ?? 1), 0);
    if (trouble === "session") return ["Votre session est terminée\u00a0: reconnectez-vous, vos cases sont gardées.", "is-waiting"];
    if (count && trouble) {
      const [they, go] = count > 1 ? ["elles", "partiront"] : ["elle", "partira"];
      return [`${counted(count, "case")} à envoyer\u00a0: le ${trouble} ne répond pas, ${they} ${go} à son retour.`, "is-waiting"];
    }
    if (count || isSending) return ["Enregistrement…", ""];
    if (!this.savedAt) return ["", ""];
    const minutes = String(this.savedAt.getMinutes()).padStart(2, "0");
    return [`Enregistré à ${this.savedAt.getHours()}\u00a0h\u00a0${minutes}`, "is-saved"];
  }
}

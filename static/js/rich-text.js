// Comfort only: a plain field becomes an editor. What it sends is cleaned again by the server.
(() => {
  const MARK = "<!--riche-->";
  const BLOCKS = ["p", "h3", "h4"];
  const PRESSED = ["bold", "italic", "insertUnorderedList", "insertOrderedList"];

  const start = (root) => {
    const field = root.querySelector("textarea");
    const box = root.querySelector(".rich-box");
    const tools = root.querySelector(".rich-tools");
    const link = root.querySelector(".rich-link");
    const address = root.querySelector("[data-rich-address]");
    const said = root.querySelector("[data-rich-said]");
    const label = document.querySelector(`label[for="${field.id}"]`);
    const buttons = [...tools.querySelectorAll("[data-rich-do]")];
    let place = null;
    let isOurs = false;

    const isInside = (node) => node && box.contains(node);
    const range = () => {
      const selection = getSelection();
      return selection.rangeCount && isInside(selection.anchorNode) ? selection.getRangeAt(0) : null;
    };
    // Events of the selection come late: what is about to act asks where the hand is.
    const remember = () => { place = range()?.cloneRange() ?? place; };
    const goBack = () => {
      box.focus();
      if (!place) return;
      getSelection().removeAllRanges();
      getSelection().addRange(place);
    };
    const run = (name, value = null) => document.execCommand(name, false, value);
    // The plain field holds what is sent, and what drafts keep.
    const write = () => {
      isOurs = true;
      field.value = box.textContent.trim() ? MARK + box.innerHTML : "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      isOurs = false;
    };
    // Somebody else wrote in the field: a draft that comes back, a text that is taken.
    const read = () => {
      if (isOurs) return;
      box.replaceChildren();
      const isHtml = field.value.startsWith(MARK) || /^<(p|h3|h4|ul|ol)>/.test(field.value);
      if (isHtml) {
        const typed = new DOMParser().parseFromString(field.value, "text/html");
        box.append(...typed.body.childNodes);
      } else {
        box.append(...field.value.split("\n").filter((line) => line.trim()).map((line) => {
          const paragraph = document.createElement("p");
          paragraph.textContent = line;
          return paragraph;
        }));
      }
    };
    const block = () => {
      let node = range()?.startContainer;
      while (node && node !== box) {
        if (BLOCKS.includes(node.localName)) return node.localName;
        node = node.parentNode;
      }
      return "";
    };
    const show = () => {
      remember();
      const present = block();
      buttons.forEach((button) => {
        const name = button.dataset.richDo;
        const isPressed = BLOCKS.includes(name) ? present === name : PRESSED.includes(name) && document.queryCommandState(name);
        if (BLOCKS.includes(name) || PRESSED.includes(name)) button.setAttribute("aria-pressed", String(Boolean(isPressed)));
      });
    };
    const openLink = (isOpen) => {
      link.hidden = !isOpen;
      tools.querySelector("[data-rich-do=link]").setAttribute("aria-expanded", String(isOpen));
      if (isOpen) address.focus();
    };
    const act = (name) => {
      remember();
      if (name === "link") return openLink(link.hidden);
      goBack();
      if (BLOCKS.includes(name)) run("formatBlock", `<${name}>`);
      else if (name === "createLink") {
        const typed = address.value.trim();
        const target = /^[^@\s/]+@[^@\s/]+$/.test(typed) ? `mailto:${typed}` : typed;
        if (!/^(https?:\/\/|mailto:)/.test(target)) {
          said.textContent = "Un lien commence par https:// ou http://, ou est une adresse électronique.";
          address.setAttribute("aria-invalid", "true");
          return address.focus();
        }
        address.removeAttribute("aria-invalid");
        if (place?.collapsed) {
          const made = document.createElement("a");
          [made.href, made.textContent] = [target, typed];
          run("insertHTML", made.outerHTML);
        } else run(name, target);
        openLink(false);
      } else run(name);
      write();
      show();
    };
    // One list of what is allowed, the server's. Out of reach, the words alone are pasted.
    const paste = async (event) => {
      event.preventDefault();
      const words = event.clipboardData.getData("text/plain");
      const html = event.clipboardData.getData("text/html");
      if (!html) return run("insertText", words);
      remember();
      said.textContent = "Le texte collé est mis au propre…";
      const body = new FormData();
      body.append("html", html);
      body.append("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken.value);
      const clean = await fetch(root.dataset.rich, { method: "POST", body, redirect: "error" })
        .then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
      goBack();
      if (clean === null) run("insertText", words);
      else run("insertHTML", clean);
      write();
      said.textContent = clean === null ? "Collé sans mise en forme." : "Le texte est collé.";
    };

    const id = `${field.id}_riche`;
    box.id = id;
    box.contentEditable = "true";
    box.setAttribute("role", "textbox");
    box.setAttribute("aria-multiline", "true");
    if (label) {
      label.id ||= `${field.id}_label`;
      box.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", (event) => { event.preventDefault(); box.focus(); });
    }
    const described = field.getAttribute("aria-describedby");
    if (described) box.setAttribute("aria-describedby", described);
    [tools.hidden, box.hidden, field.hidden, root.querySelector(".rich-how").hidden] = [false, false, true, true];
    try { run("defaultParagraphSeparator", "p"); run("styleWithCSS", false); } catch { /* older browsers */ }

    // What was deleted to the end leaves no list around what comes next.
    const startAfresh = ({ inputType }) => {
      if (!inputType?.startsWith("delete") || box.textContent || !box.querySelector("ul, ol, h3, h4")) return;
      const paragraph = document.createElement("p");
      paragraph.append(document.createElement("br"));
      box.replaceChildren(paragraph);
      getSelection().collapse(paragraph, 0);
    };
    box.addEventListener("input", startAfresh);
    box.addEventListener("input", write);
    box.addEventListener("paste", paste);
    box.addEventListener("drop", (event) => event.preventDefault());
    field.addEventListener("input", read);
    document.addEventListener("selectionchange", show);
    tools.addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
    tools.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-rich-do]");
      if (button) act(button.dataset.richDo);
    });
    address.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); act("createLink"); }
      if (event.key === "Escape") { openLink(false); goBack(); }
    });
  };

  document.querySelectorAll("[data-rich]").forEach(start);
})();

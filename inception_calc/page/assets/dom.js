// Elements whose texts are texts, whatever a name holds.

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, action] of Object.entries(value)) made.addEventListener(event, action);
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const byId = (id) => document.getElementById(id);
const name = (text) => element("bdi", {}, text);

// A name inside a picture's text, such that a number beside it stays whole where it is written from right to left.
const shown = (text) => (/[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text);

// A panel that follows the pointer: lines of [label, value].
function showTip(event, lines) {
  const tip = byId("tip");
  if (!lines) {
    tip.hidden = true;
    return;
  }
  tip.replaceChildren(...lines.map(([label, value]) =>
    element("div", {}, label ? element("b", {}, label + " ") : null, name(value))));
  tip.hidden = false;
  const room = tip.getBoundingClientRect();
  const left = Math.min(event.clientX + 14, window.innerWidth - room.width - 8);
  const top = event.clientY + 18 + room.height > window.innerHeight ? event.clientY - room.height - 12 : event.clientY + 18;
  tip.style.left = Math.max(4, left) + "px";
  tip.style.top = Math.max(4, top) + "px";
}

async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = element("textarea", { "aria-hidden": "true", class: "away" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  byId("copied").value = text;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = before; }, 1500);
}

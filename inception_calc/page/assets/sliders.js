// What happens if: a slider for each free symbol, and cost over one of them.

const MOST_POINTS = 900;

// How many values a slider has below its reach, and the one at a place; in parts.
function stretches(symbol) {
  const [step, before, reach] = [big(symbol.step), big(symbol.before), big(symbol.reach)];
  return symbol.runs.map(([low, high]) => {
    const most = floorDiv(reach - before, step);
    return [big(low), high === null || big(high) > most ? most : big(high)];
  }).filter(([low, high]) => high >= low).map(([low, high]) => ({ low: before + step * low, step, count: Number(high - low) + 1 }));
}

function valueAt(symbol, place) {
  let left = place;
  for (const { low, step, count } of stretches(symbol)) {
    if (left < count) return low + step * big(left);
    left -= count;
  }
  return big(symbol.at);
}

function placeOf(symbol, value) {
  let before = 0;
  for (const { low, step, count } of stretches(symbol)) {
    if (value < low) return before;
    const steps = Number(floorDiv(value - low, step));
    if (steps < count) return before + steps;
    before += count;
  }
  return before - 1;
}

const countOf = (symbol) => stretches(symbol).reduce((sum, { count }) => sum + count, 0);

// A value in the parts of one network's symbol, in those of another's; null where it is no whole number of them.
function converted(value, from, to) {
  const parts = value * big(to.parts);
  return parts % big(from.parts) ? null : parts / big(from.parts);
}

// `47, 48, 49 ...`: what a symbol may be, in words.
function domainSaid(symbol) {
  const at = (count) => fractionSaid(big(symbol.before) + big(symbol.step) * count, symbol.parts);
  const runs = symbol.runs.map(([low, high]) => (high === null ? `${at(big(low))} or more` : low === high ? at(big(low)) : `${at(big(low))} to ${at(big(high))}`));
  const step = big(symbol.step) === big(symbol.parts) ? "" : `, in steps of ${fractionSaid(big(symbol.step), symbol.parts)}`;
  return (runs.join(" or ") || "nothing") + step;
}

// What was typed, in parts; null for no such number.
function typed(text, symbol) {
  const found = /^\s*(\d{1,12})(?:\s*\/\s*(\d{1,6})|\.(\d{1,6}))?\s*$/.exec(text);
  if (!found) return null;
  const [, whole, below, decimals] = found;
  const divisor = below ? big(below) : 10n ** big((decimals || "").length);
  const above = below ? big(whole) : big(whole + (decimals || ""));
  return divisor && (above * big(symbol.parts)) % divisor === 0n ? (above * big(symbol.parts)) / divisor : null;
}

class Sliders {
  constructor(app) {
    this.app = app;
    this.fields = new Map();
    const symbols = new Map();
    for (const net of app.networks) for (const symbol of net.symbols) if (!symbols.has(symbol.name)) symbols.set(symbol.name, symbol);
    this.symbols = symbols;
    this.at = Object.fromEntries([...symbols].map(([key, symbol]) => [key, big(symbol.at)]));
    byId("sliders").replaceChildren(...[...symbols.values()].map((symbol) => this.slider(symbol)));
    byId("sliders-reset").hidden = !symbols.size;
    byId("sliders-reset").addEventListener("click", () => this.reset());
    const fixed = app.networks.filter((net) => net.fixed).map((net) => `${net.title}: ${net.fixed}`);
    byId("fixed").textContent = fixed.length ? `Without a slider: ${fixed.join("; ")}.` : "";
    const over = byId("over");
    over.replaceChildren(...[...symbols.keys()].map((key) => element("option", { value: key, selected: /size|length|height/.test(key) }, key)));
    over.addEventListener("change", () => this.curve.refresh());
    byId("size-part").hidden = !symbols.size;
    this.curve = new Picture(app, "size", () => this.feed());
  }

  slider(symbol) {
    const id = "slider-" + this.fields.size, text = fractionSaid(big(symbol.at), symbol.parts);
    const range = element("input", { type: "range", id, min: 0, max: countOf(symbol) - 1, value: placeOf(symbol, big(symbol.at)), "aria-valuetext": text });
    const field = element("input", { type: "text", inputmode: "numeric", value: text, "aria-label": `${symbol.name}, any value`, size: 8 });
    range.addEventListener("input", () => this.move({ ...this.at, [symbol.name]: valueAt(symbol, Number(range.value)) }));
    field.addEventListener("change", () => {
      const value = typed(field.value, symbol);
      if (value === null) this.say(`${symbol.name}: '${field.value}' is no such number; it may be ${domainSaid(symbol)}`);
      else this.move({ ...this.at, [symbol.name]: value });
    });
    this.fields.set(symbol.name, { range, field, symbol });
    return element("div", { class: "slider" }, element("label", { for: id }, name(symbol.name)), range, field,
      element("small", {}, `${domainSaid(symbol)}${symbol.layer ? `, ${symbol.layer} needs it` : ""}${symbol.assumed ? `; taken for granted: ${symbol.assumed}` : ""}`));
  }

  say(text) {
    byId("sliders-said").textContent = text;
  }

  // Every network goes to the setting where it can be built; else it stays and says why. True where all went.
  move(at) {
    const stay = [];
    for (const net of this.app.networks) {
      const own = Object.fromEntries(net.symbols.map((symbol) => [symbol.name, converted(at[symbol.name], this.symbols.get(symbol.name), symbol)]));
      const lack = net.set(own);
      if (lack) stay.push(`${this.app.networks.length > 1 ? net.title + ": " : ""}` + (lack.symbol
        ? `${lack.symbol.name} may be ${domainSaid(lack.symbol)}` : `cannot be built there, ${lack.layer} needs more`));
    }
    if (stay.length < this.app.networks.length) this.at = at;
    this.show(stay);
    return !stay.length;
  }

  // Every network back to its own setting, which need not be that of the first.
  reset() {
    for (const net of this.app.networks) net.set(net.start);
    this.at = Object.fromEntries([...this.symbols].map(([key, symbol]) => [key, big(symbol.at)]));
    this.show([]);
  }

  show(stay) {
    for (const [key, { range, field, symbol }] of this.fields) {
      const text = fractionSaid(this.at[key], symbol.parts);
      range.value = placeOf(symbol, this.at[key]);
      range.setAttribute("aria-valuetext", text);
      field.value = text;
    }
    this.say(stay.join("; ") || this.said());
    this.app.refresh();
  }

  said() {
    const net = this.app.network;
    const totals = `${short(net.total("multiply_adds"))} multiply-adds, ${short(net.total("params"))} params`;
    return net.isMoved ? `${totals}; ${this.against(net)}` : totals;
  }

  // How much it is of the network as it was asked for.
  against(net) {
    const before = new Evaluator(net, symbolValues(net, net.start)), form = net.totals.multiply_adds;
    const [now, then] = [net.total("multiply_adds"), before.value(form)];
    return then ? `${percent(now, then)} of the multiply-adds asked for` : "";
  }

  refresh() {
    this.curve.refresh();
  }

  // Cost over a symbol: each network that has it, at values between its first and the slider's reach.
  feed() {
    const key = byId("over").value, { metric } = this.app, symbol = this.symbols.get(key);
    const count = countOf(symbol), every = Math.max(1, Math.ceil(count / MOST_POINTS));
    const curve = [], here = [], ends = [], many = this.app.networks.length > 1;
    for (const net of this.app.networks.filter((one) => one.symbols.some((own) => own.name === key))) {
      const own = net.symbols.find((one) => one.name === key);
      for (let place = 0; place < count; place += every) {
        const value = valueAt(symbol, place), theirs = converted(value, symbol, own);
        if (theirs === null || !allowed(own, theirs)) continue;
        const evaluator = new Evaluator(net, symbolValues(net, { ...net.at, [key]: theirs }));
        if (lacking(net, evaluator)) continue;
        curve.push({ series: net.index, x: Number(value) / symbol.parts, y: Number(totalAt(net, evaluator, metric)), value });
      }
      const y = net.total(metric);
      here.push({ series: net.index, x: Number(net.at[key]) / own.parts, y: Number(y), said: many ? "" : `${fractionSaid(net.at[key], own.parts)}: ${said(y, metric)}` });
      const end = last(curve.filter((point) => point.series === net.index));
      if (many && end) ends.push({ x: end.x, y: end.y, said: net.title });
    }
    const net = this.app.network, own = limitsOf(net).filter((one) => one.metric === metric);
    const limits = own.map((one) => ({ y: Number(one.limit), said: `${one.id}: ${one.text}` }));
    const found = limitsOf(net).map((one) => [one, breakOf(net, one, key, symbol)]).filter(([, value]) => value !== null);
    const breaks = found.filter(([one]) => own.includes(one)).map(([one, value]) => ({ x: Number(value.theirs) / value.parts,
      y: Number(value.total), said: `over from ${key} ${fractionSaid(value.theirs, value.parts)}` }));
    byId("breaks").textContent = found.map(([one, value]) =>
      `${one.id}: ${one.text} ${metricOf(one.metric).label} is broken from ${key} ${fractionSaid(value.theirs, value.parts)} on.`).join(" ");
    const points = curve.map(({ series, x, y }) => ({ series, x, y }));
    return { tables: { curve: points, here, ends, limits, breaks }, signals: { across: key, up: metricOf(metric).short || metricOf(metric).label, bytes: Boolean(metricOf(metric).bytes) }, height: 320 };
  }
}

const MOST_STEPS = 2e5;

// The first value of a symbol at which a network is over a limit, with its total there; null where none is within the reach.
function breakOf(net, limit, key, symbol) {
  const own = net.symbols.find((one) => one.name === key), count = countOf(symbol);
  const work = limit.metric === "peak_activation_bytes" ? net.tensors.length : 1;
  const every = Math.max(1, Math.ceil((count * work) / MOST_STEPS));
  for (let place = 0; own && place < count; place += every) {
    const theirs = converted(valueAt(symbol, place), symbol, own);
    if (theirs === null || !allowed(own, theirs)) continue;
    const evaluator = new Evaluator(net, symbolValues(net, { ...net.at, [key]: theirs }));
    if (lacking(net, evaluator)) continue;
    const total = totalAt(net, evaluator, limit.metric);
    if (total > big(limit.limit)) return { theirs, total, parts: own.parts };
  }
  return null;
}

// The most bytes that are alive at once.
function peakAt(net, evaluator) {
  const change = new Array(net.stop + 1).fill(0n);
  for (const [, size, first, end] of net.tensors) {
    const bytes = evaluator.value(size);
    change[first] += bytes;
    if (end + 1 <= net.stop) change[end + 1] -= bytes;
  }
  let most = 0n;
  change.slice(0, net.stop).reduce((sum, one) => { const live = sum + one; if (live > most) most = live; return live; }, 0n);
  return most;
}

// The network's total of a metric, from the closed form of the whole.
function totalAt(net, evaluator, metric) {
  const size = big(net.element_size), of = (key) => evaluator.value(net.totals[key]);
  switch (metric) {
    case "flops": return 2n * of("multiply_adds") + of("element_ops");
    case "param_bytes": return size ? of("params") * size : of(metric);
    case "activation_bytes": return size ? of("activation_elements") * size : of(metric);
    case "peak_activation_bytes": return peakAt(net, evaluator);
    default: return of(metric);
  }
}

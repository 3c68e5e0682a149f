// The head of the page: what it is of, totals, verdicts, notes, and the way to the sections.

function drawHead(app) {
  const net = app.network;
  byId("title").replaceChildren(...app.networks.flatMap((one, place) => [place ? " and " : "", name(one.title)]).slice(0, 12));
  byId("source").replaceChildren("source ", name(net.source), net.variant === "default" ? "" : " @", net.variant === "default" ? "" : name(net.variant),
    net.dtype ? `, ${net.dtype}` : "", net.training ? ", training" : "");
  byId("convention").textContent = `multiply-adds: ${net.convention}. K, M, G are thousands; MB is 10^6 bytes.`;
  const notes = byId("notes");
  notes.hidden = !net.notes.length;
  notes.replaceChildren(...net.notes.map((note) => element("li", {}, name(note))));
  drawTotals(net);
  drawVerdicts(app);
}

function drawTotals(net) {
  const least = net.incomplete ? " (at least)" : "";
  const fact = (label, text, more) => element("div", {}, element("dt", {}, label + least), element("dd", {}, element("strong", {}, text), element("small", {}, name(more))));
  const facts = ["params", "multiply_adds", "element_ops"].map((key) => fact(METRICS[key].label, short(net.total(key)), exact(net.total(key))));
  if (net.has_bytes) {
    facts.push(fact("param bytes", bytesSaid(net.total("param_bytes")), exact(net.total("param_bytes"))));
    facts.push(fact("peak activation bytes", bytesSaid(net.peak.bytes), `${exact(net.peak.bytes)} at ${net.nameOf(net.peak.layer)}`));
  }
  facts.push(fact("depth", String(net.depth[0]), `with pooling layers ${net.depth[1]}`));
  byId("totals").replaceChildren(...facts);
}

// What a budget says of the network as it was asked for, and of where the sliders stand.
function drawVerdicts(app) {
  const net = app.network, list = byId("verdicts");
  const found = net.budget.map((one) => element("li", { class: one.verdict }, element("strong", {}, one.verdict + " "), name(`${one.id}: ${one.what}`),
    one.details.length ? element("details", {}, element("summary", {}, "why"), element("ul", {}, ...one.details.map((line) => element("li", {}, name(line))))) : null));
  if (net.isMoved) for (const limit of limitsOf(net)) {
    const value = net.total(limit.metric), over = value > big(limit.limit);
    found.push(element("li", { class: over ? "over" : "pass" }, element("strong", {}, over ? "over here " : "within here "),
      name(`${limit.id}: ${said(value, limit.metric)} ${metricOf(limit.metric).label} ${over ? ">" : "<="} ${limit.text}`)));
  }
  list.hidden = !found.length;
  list.replaceChildren(...found);
}

const limitsOf = (net) => net.budget.filter((one) => one.limit !== undefined && (one.metric === "peak_activation_bytes" || METRICS[one.metric]));

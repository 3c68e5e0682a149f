// Several networks side by side: totals with ratios, and the way from the first to another as a waterfall.

const BAR = 20;
const BESIDE = 60;

class Compare {
  constructor(app, differences) {
    this.app = app;
    this.differences = differences;
    byId("compare-section").hidden = false;
    const other = byId("compare-other");
    other.replaceChildren(...app.networks.slice(1).map((net) => element("option", { value: net.index }, net.title)));
    for (const id of ["compare-other", "compare-by"]) byId(id).addEventListener("change", () => this.refresh());
    this.picture = new Picture(app, "waterfall", () => this.feed(), (datum) => this.find(datum));
  }

  get other() {
    return this.app.networks[byId("compare-other").value];
  }

  refresh() {
    const nets = this.app.networks, reference = nets[0];
    const metrics = [...Object.keys(METRICS), "peak_activation_bytes"].filter((key) => !metricOf(key).bytes || nets.every((net) => net.has_bytes));
    byId("compare-head").replaceChildren(element("tr", {}, element("th", { scope: "col" }, ""), ...nets.flatMap((net, place) =>
      [element("th", { scope: "col", class: "number" }, name(net.title)), place ? element("th", { scope: "col", class: "number" }, "ratio") : null])));
    byId("compare-body").replaceChildren(...metrics.map((key) => element("tr", {}, element("th", { scope: "row" }, metricOf(key).short || metricOf(key).label),
      ...nets.flatMap((net, place) => [element("td", { class: "number", title: exact(net.total(key)) }, said(net.total(key), key)),
        place ? element("td", { class: "number" }, ratioSaid(net.total(key), reference.total(key), net.incomplete || reference.incomplete)) : null]))));
    this.picture.refresh();
  }

  // [name, change, row of the other, row of the reference], in the order of the reference.
  steps() {
    const { metric } = this.app, [reference] = this.app.networks, found = this.differences[this.other.index - 1];
    if (byId("compare-by").value === "cause") {
      const steps = found.causes.filter((cause) => cause.costs[metric]).map((cause) => [`${cause.name}: ${cause.what}`, big(cause.costs[metric])]);
      if (found.shared[metric]) steps.push(["what the edits do to one another", big(found.shared[metric])]);
      return steps;
    }
    return found.rows.map(([before, after]) => [before === null ? this.other.rows[after].name : reference.rows[before].name,
      (after === null ? 0n : this.other.row(metric, after)) - (before === null ? 0n : reference.row(metric, before)), after, before]).filter(([, change]) => change);
  }

  feed() {
    const { metric } = this.app, [reference] = this.app.networks, by = byId("compare-by").value, found = this.differences[this.other.index - 1];
    const steps = this.steps(), first = reference.total(metric), end = this.other.total(metric);
    const bars = [{ name: reference.title, start: 0, stop: Number(first), kind: "total", said: said(first, metric), tip: reference.title }];
    let at = first;
    for (const [text, change, row, before] of steps) {
      const sign = change > 0n ? "+" : "-", size = change > 0n ? change : -change;
      bars.push({ name: text, start: Number(at), stop: Number(at + change), kind: change > 0n ? "rise" : "fall", said: sign + said(size, metric), row, before,
        tip: `${text}\n${sign}${exact(size)} ${metricOf(metric).label}` });
      at += change;
    }
    bars.push({ name: this.other.title, start: 0, stop: Number(end), kind: "total", said: said(end, metric), tip: this.other.title });
    bars.forEach((bar, place) => { bar.place = place; });
    const stops = bars.map((bar) => bar.stop), [least, most] = [Math.min(...stops), Math.max(...stops)];
    const low = 3 * (2 * least - most) > most ? 2 * least - most : 0; // small steps beside large totals
    const moved = this.other.isMoved || reference.isMoved;
    const causes = found.causes.length ? (moved ? "Causes are told of the networks as they were asked for. " : "") + (steps.length ? "" : `No edit changes ${metricOf(metric).label}.`)
      : `No causes: ${found.unknown || "nothing was edited"}.`;
    byId("compare-said").textContent = by === "cause" ? causes : `${steps.length} rows differ in ${metricOf(metric).label}; what rises is marked +, what falls -.`;
    return { tables: { bars }, signals: { low, across: (metricOf(metric).short || metricOf(metric).label) + (low ? "; the axis does not begin at zero" : ""),
      bytes: Boolean(metricOf(metric).bytes) }, height: BAR * bars.length + BESIDE };
  }

  find(datum) {
    if (datum.row === undefined && datum.before === undefined) return;
    this.app.show(datum.row === null ? this.app.networks[0] : this.other);
    this.app.find(datum.row === null ? datum.before : datum.row);
  }
}

// A ratio with three digits: 3.15, 14.3, 144.
function ratioSaid(value, reference, unknown) {
  if (!reference || unknown) return "";
  if (value >= 100n * reference) return short(rounded(value, reference));
  const digits = value >= 10n * reference ? 1n : 2n, number = rounded(value * 10n ** digits, reference);
  return `${number / 10n ** digits}.${String(number % 10n ** digits).padStart(Number(digits), "0")}`;
}

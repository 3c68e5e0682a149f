// A network at a setting: counts of layers, rows, stages and the whole.

const METRICS = {
  multiply_adds: { label: "multiply-adds" },
  params: { label: "params" },
  flops: { label: "flops (2 x multiply-adds + element ops)", short: "flops" },
  element_ops: { label: "element ops" },
  weights: { label: "weights" },
  biases: { label: "biases" },
  buffers: { label: "buffers" },
  activation_elements: { label: "activation elements" },
  param_bytes: { label: "param bytes", bytes: true },
  activation_bytes: { label: "activation bytes", bytes: true },
  traffic_bytes: { label: "traffic bytes", bytes: true },
};
const PEAK = { label: "peak activation bytes", bytes: true };
const metricOf = (name) => METRICS[name] || PEAK;
const said = (value, metric) => (metricOf(metric).bytes ? bytesSaid(value) : short(value));

class Network {
  constructor(entry, index) {
    Object.assign(this, entry);
    this.index = index;
    this.count = entry.layers.name.length;
    this.start = Object.fromEntries(entry.symbols.map((symbol) => [symbol.name, big(symbol.at)]));
    this.rowLayers = entry.rows.map((row) => row.layers.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, step) => first + step)));
    this.set(this.start);
  }

  word(place) {
    return this.words[place];
  }

  // Takes a setting where the network can be built; else says what lacks and stays.
  set(at) {
    for (const symbol of this.symbols) if (at[symbol.name] === null || !allowed(symbol, at[symbol.name])) return { symbol };
    const evaluator = new Evaluator(this, symbolValues(this, at));
    const lack = lacking(this, evaluator);
    if (lack) return lack;
    this.at = { ...at };
    this.evaluator = evaluator;
    this.sums = new Map();
    return null;
  }

  get isMoved() {
    return this.symbols.some((symbol) => this.at[symbol.name] !== this.start[symbol.name]);
  }

  form(place) {
    return this.evaluator.value(place);
  }

  // The metric of one layer.
  of(metric, layer) {
    const counts = this.layers, size = big(this.element_size);
    switch (metric) {
      case "flops": return 2n * this.form(counts.multiply_adds[layer]) + this.form(counts.element_ops[layer]);
      case "param_bytes": return size ? this.form(counts.params[layer]) * size : this.form(counts.param_bytes[layer]);
      case "activation_bytes": return size ? this.form(counts.activation_elements[layer]) * size : this.form(counts.activation_bytes[layer]);
      default: return this.form(counts[metric][layer]);
    }
  }

  // Sums up to each layer, so that a run is one subtraction.
  prefix(metric) {
    if (!this.sums.has(metric)) {
      const sums = [0n];
      for (let layer = 0; layer < this.count; layer++) sums.push(sums[layer] + this.of(metric, layer));
      this.sums.set(metric, sums);
    }
    return this.sums.get(metric);
  }

  total(metric) {
    return metric === "peak_activation_bytes" ? this.peak.bytes : this.prefix(metric)[this.count];
  }

  row(metric, row) {
    const sums = this.prefix(metric);
    return this.rows[row].layers.reduce((sum, [first, last]) => sum + sums[last + 1] - sums[first], 0n);
  }

  shape(layer) {
    return this.sidesSaid(layer < 0 ? this.inputs[-1 - layer].shape : this.layers.shape[layer]);
  }

  sidesSaid(forms) {
    return forms === null ? "?" : forms.map((side) => this.form(side)).join("x") || "a number";
  }

  patch(layer) {
    const found = this.layers.patch[layer];
    return this.word(Array.isArray(found) ? found[this.isMoved ? 1 : 0] : found);
  }

  nameOf(layer) {
    return layer < 0 ? this.inputs[-1 - layer].name : this.layers.name[layer];
  }

  // The bytes alive while each layer runs, and where most are.
  get live() {
    if (!this.sums.has("live")) {
      const change = new Array(this.stop + 1).fill(0n);
      for (const [, size, first, last] of this.tensors) {
        const bytes = this.form(size);
        change[first] += bytes;
        if (last + 1 <= this.stop) change[last + 1] -= bytes;
      }
      const live = [];
      for (let layer = 0, sum = 0n; layer < this.stop; layer++) live.push((sum += change[layer]));
      this.sums.set("live", live);
    }
    return this.sums.get("live");
  }

  get peak() {
    if (!this.sums.has("peak")) {
      let layer = 0;
      this.live.forEach((bytes, index) => { if (bytes > this.live[layer]) layer = index; });
      const alive = this.tensors.filter(([, , first, last]) => first <= layer && layer <= last);
      this.sums.set("peak", { layer, bytes: this.live[layer] || 0n, alive });
    }
    return this.sums.get("peak");
  }

  // Formulas of a layer with the numbers put in: [quantity, names, numbers, value].
  formulas(layer) {
    return this.layers.derivations[layer].map(([quantity, formula, ...values]) => {
      const numbers = {};
      for (let place = 0; place < values.length; place += 2) numbers[this.word(values[place])] = this.form(values[place + 1]);
      const text = this.word(formula);
      const put = text.replace(/[A-Za-z_]\w*/g, (name) => (name in numbers ? String(numbers[name]) : name));
      return [this.word(quantity), text, put];
    });
  }

  // Receptive field of a layer: [sizes, strides]; null where no one field is known at this setting.
  field(layer) {
    const found = this.layers.field[layer];
    if (!found || (this.isMoved && !found[2] && this.symbols.length)) return null;
    return [found[0].map((size) => this.form(size)), found[1]];
  }
}

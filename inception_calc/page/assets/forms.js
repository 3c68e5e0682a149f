// Closed forms in exact integers (page/forms.py says how they are written).

const big = (value) => BigInt(value);

class Evaluator {
  // `values`: symbol -> its integer.
  constructor(network, values) {
    this.entries = network.forms;
    this.atoms = network.atoms;
    this.values = values;
    this.known = new Array(network.forms.length);
    this.knownAtoms = new Array(network.atoms.length);
  }

  // The value, which is whole wherever the network can be built.
  value(place) {
    let found = this.known[place];
    if (found === undefined) {
      const [above, below] = this.fraction(place);
      found = this.known[place] = below === 1n ? above : floorDiv(above, below);
    }
    return found;
  }

  // [numerator, denominator], for what may not be whole where a network cannot be built.
  fraction(place) {
    const entry = this.entries[place];
    if (!Array.isArray(entry)) return [big(entry), 1n];
    let sum = 0n;
    for (let index = 1; index < entry.length; index++) {
      const term = entry[index];
      let product = big(term[0]);
      for (let factor = 1; factor < term.length; factor += 2) {
        const atom = this.atom(term[factor]);
        for (let power = term[factor + 1]; power > 0; power--) product *= atom;
      }
      sum += product;
    }
    return [sum, big(entry[0])];
  }

  atom(place) {
    let found = this.knownAtoms[place];
    if (found === undefined) found = this.knownAtoms[place] = this.unknown(this.atoms[place]);
    return found;
  }

  unknown(atom) {
    if (typeof atom === "string") return this.values[atom];
    const [kind, ...parts] = atom;
    if (kind === "//") {
      const [[a, b], [c, d]] = parts.map((part) => this.fraction(part));
      return floorDiv(a * d, b * c);
    }
    const values = parts.map((part) => this.value(part));
    return values.reduce((best, one) => ((one > best) === (kind === "max") ? one : best));
  }
}

// Whether every condition of a network holds; else the layer that needs what is not there.
function lacking(network, evaluator) {
  for (const one of network.conditions) {
    const [above, below] = evaluator.fraction(one.value);
    if (one.multiple_of === null ? above < below : above % (below * evaluator.value(one.multiple_of)) !== 0n) return one;
  }
  return null;
}

// The values of the symbols that forms are written in, for sliders at these places (in parts).
function symbolValues(network, at) {
  const values = {};
  for (const symbol of network.symbols) {
    values[symbol.name] = at[symbol.name];
    const multiple = symbol.multiple;
    if (multiple) values[multiple.name] = (at[symbol.name] + big(multiple.shortfall)) / big(multiple.divisor);
  }
  return values;
}

// Whether a symbol may have a value (in parts).
function allowed(symbol, value) {
  const count = value - big(symbol.before);
  if (count % big(symbol.step) !== 0n) return false;
  const step = count / big(symbol.step);
  return symbol.runs.some(([low, high]) => step >= big(low) && (high === null || step <= big(high)));
}

// A value in parts, as people write it: 3/8.
function fractionSaid(value, parts) {
  let [a, b] = [value, big(parts)];
  for (let x = a, y = b; ; [x, y] = [y, x % y]) if (!y) { [a, b] = [a / x, b / x]; break; }
  return b === 1n ? String(a) : a + "/" + b;
}

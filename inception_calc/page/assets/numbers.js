// Numbers as the rest of the program writes them (report/text.py), from exact integers.

const UNITS = [[10n ** 15n, "P"], [10n ** 12n, "T"], [10n ** 9n, "G"], [10n ** 6n, "M"], [10n ** 3n, "K"]];
const BYTE_UNITS = [[10n ** 12n, " TB"], [10n ** 9n, " GB"], [10n ** 6n, " MB"], [10n ** 3n, " kB"]];

// a / b to the nearest integer, halves to the even one, as Python rounds; b is positive.
function rounded(a, b) {
  const low = floorDiv(a, b);
  const twice = 2n * (a - low * b);
  if (twice !== b) return twice > b ? low + 1n : low;
  return low % 2n ? low + 1n : low;
}

function floorDiv(a, b) {
  const quotient = a / b;
  return a % b !== 0n && (a < 0n) !== (b < 0n) ? quotient - 1n : quotient;
}

function scaled(value, units, plain) {
  const size = value < 0n ? -value : value;
  for (const [unit, name] of units) {
    if (size < unit - unit / 2000n) continue;
    const digits = size * 1000n < 9995n * unit ? 2n : size * 100n < 9995n * unit ? 1n : 0n;
    const number = rounded(size * 10n ** digits, unit);
    const whole = number / 10n ** digits;
    const part = digits ? "." + String(number % 10n ** digits).padStart(Number(digits), "0") : "";
    return (value < 0n ? "-" : "") + whole + part + name;
  }
  return value + plain;
}

const short = (value) => {
  const size = value < 0n ? -value : value;
  return size < 1000n ? String(value) : scaled(value, UNITS, "");
};
const bytesSaid = (value) => scaled(value, BYTE_UNITS, " bytes");
const exact = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
const signed = (value) => (value > 0n ? "+" : "") + short(value);

// A share with one decimal: 12.3%.
function percent(part, whole) {
  if (!whole) return "0.0%";
  const tenths = rounded(part * 1000n, whole);
  const size = tenths < 0n ? -tenths : tenths;
  return (tenths < 0n ? "-" : "") + size / 10n + "." + (size % 10n) + "%";
}

const share = (part, whole) => (whole ? Number((part * 10n ** 12n) / whole) / 1e12 : 0);

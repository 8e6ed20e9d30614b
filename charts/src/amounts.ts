// Amounts as people read them. They arrive as exact decimal text and are never added or rounded as floats.

/** Round exact text half-even to cents, thousands apart: "1234.565" is "1,234.56". */
export function cents(exact: string): string {
  const [whole = "0", part = ""] = exact.replace("-", "").split(".");
  const digits = `${part}00`;
  const kept = BigInt(whole + digits.slice(0, 2));
  const dropped = digits.slice(2).replace(/0+$/, "");
  const half = dropped === "5";
  const up = half ? kept % 2n === 1n : dropped > "5";
  const rounded = (up ? kept + 1n : kept).toString().padStart(3, "0");
  const sign = exact.startsWith("-") && rounded !== "000" ? "-" : "";
  const thousands = rounded.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}${thousands}.${rounded.slice(-2)}`;
}

/** Write an amount with its sign, as changes are read. */
export function signed(exact: string): string {
  const said = cents(exact);
  return said.startsWith("-") || /^[0.,]+$/.test(said) ? said : `+${said}`;
}

/** Say an amount with its currency, and exactly where cents would hide it. */
export function inFull(exact: string, currency: string): string {
  const said = `${cents(exact)} ${currency}`.trim();
  const hidden = /^-?0\.00$/.test(cents(exact)) && Number(exact) !== 0;
  return hidden ? `${said} (exactly ${exact})` : said;
}

/** Say a share of a whole, which the server worked out. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Write a number of an axis, as short as it can be. */
export function tick(value: number): string {
  return short.format(value);
}

import { strip } from "../python-text.ts";
import { leadingNumberWords } from "./number-words.ts";

const wordsBefore = /^(?:(?:about|around|approximately|roughly|exactly|ca\.)\s+|[~≈]\s*)?/i;
const number = "[-+−]?[0-9٠-٩０-９][0-9٠-٩０-９.,٫٬]*(?:['’\\u2009\\u202f][0-9]{3})*(?:e[-+]?[0-9]+)?";
const numberThenUnit = new RegExp(
  `^(${number})\\s*(°|%|°?[\\p{L}µμ][\\p{L}/²³]{0,30}(?:\\^?[23])?(?: \\p{L}{1,30}){0,2})\\.?$`,
  "iu",
);
/** Words behind a number that change it, or begin another. */
const notUnits =
  /(?:^|\s)(?:or|and|to|plus|minus|times\s|point|but|not|of|below|x|st|nd|rd|th|k|dozens?|half|halves|thirds?|quarters?)(?:\s|$)/i;
/** Words and signs that multiply the number before them: a thousand, a million, and so on. */
const scales =
  /^(?:(?:hundred|thousand|tausend|mila?|mille|mill?ions?|mill?ionen|milioni|millones|milhões|milliards?|milliarden|miliardi|milyon|milyar|billion|trillion|mln|mld|mn|bn|mio|mrd|tsd|tys|tisíc|grand|ribu|juta|nghìn|triệu|lakh|crore)s?(?![\p{L}])|тыс|млн|млрд|миллион|миллиард|χιλι|εκατομ|אל[פף]|מיליו|ألف|آلاف|مليون|مليار|हज़ार|लाख|करोड़|พัน|หมื่น|แสน|ล้าน|[万萬亿億兆천만억]|[十百千](?![克米瓦卡]))/u;
const currencyThenNumber = new RegExp(`^([-+−]?)\\s*([$€£¥₹])\\s*(${number})$`, "i");

/**
 * A number's text and what it counts, in lower case and the singular: `3 chairs`, `three chairs`, `$5`, `90°`, `50%`. The whole
 * text and "" if it is not of that form.
 */
export function numberWithUnit(text: string): { number: string; unit: string } {
  const stated = inDigits(strip(text).slice(0, 200).replace(wordsBefore, ""));
  const money = currencyThenNumber.exec(stated);
  if (money !== null) return { number: money[1]! + money[3]!, unit: money[2]! };
  const counted = numberThenUnit.exec(stated);
  if (counted === null || notUnits.test(counted[2]!) || isScale(counted[2]!))
    return { number: text.length > 200 ? text : stated, unit: "" };
  return { number: counted[1]!, unit: singular(counted[2]!.toLowerCase()) };
}

function isScale(unit: string): boolean {
  return /^[MBT]$/.test(unit) || scales.test(unit.toLowerCase());
}

/** Whether two numbers can be compared: one without a unit takes the other's. */
export function areUnitsAlike(x: string, y: string): boolean {
  return x === "" || y === "" || x === y;
}

/** The text with the number words at its start in digits. */
function inDigits(text: string): string {
  if (!/^[a-z]/i.test(text))
    return text.replace(/^([-+−]?[0-9]{1,3})((?: [0-9]{3})+)(?![0-9])/, (all) => all.replaceAll(" ", ""));
  const words = leadingNumberWords(text);
  return words === undefined ? text : `${words.value}${text.slice(words.length)}`;
}

const spelled: Record<string, string> = {
  meter: "m",
  metre: "m",
  centimeter: "cm",
  centimetre: "cm",
  millimeter: "mm",
  millimetre: "mm",
  kilometer: "km",
  kilometre: "km",
  feet: "ft",
  foot: "ft",
  inches: "in",
  inche: "in",
  inch: "in",
  kilogram: "kg",
  gram: "g",
  second: "s",
  sec: "s",
  minute: "min",
  hour: "h",
  hr: "h",
  percent: "%",
  "per cent": "%",
  degree: "°",
  deg: "°",
  "degrees celsius": "°c",
  "degree celsius": "°c",
  celsius: "°c",
  "degrees fahrenheit": "°f",
  "degree fahrenheit": "°f",
  fahrenheit: "°f",
  dollar: "$",
  usd: "$",
  euro: "€",
  people: "person",
};

function singular(unit: string): string {
  const whole = unit.replace(/\^?([23])$/, (_, power) => (power === "2" ? "²" : "³"));
  if (Object.hasOwn(spelled, whole)) return spelled[whole]!;
  const one = whole.length > 2 && whole.endsWith("s") && !whole.endsWith("ss") ? whole.slice(0, -1) : whole;
  return Object.hasOwn(spelled, one) ? spelled[one]! : one;
}

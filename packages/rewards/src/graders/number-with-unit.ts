import { strip } from "../python-text.ts";

const wordsBefore = /^(?:(?:about|around|approximately|roughly|ca\.)\s+|[~≈]\s*)?/i;
const numberThenUnit =
  /^([-+−]?[0-9][0-9.,]*(?:e[-+]?[0-9]+)?)\s*(°?[\p{L}µμ][\p{L}/²³]{0,30}(?: \p{L}{1,30}){0,2})\.?$/u;
/** Words behind a number that change it, or begin another. */
const notUnits =
  /(?:^|\s)(?:or|and|to|plus|minus|times|point|but|not|of|x|st|nd|rd|th|k|dozens?|hundreds?|thousands?|(?:m|b|tr)illions?|half|halves|thirds?|quarters?|percent)(?:\s|$)/i;
const currencyThenNumber = /^([-+−]?)\s*([$€£¥])\s*([0-9][0-9.,]*)$/;

/** A number's text and what it counts, in lower case and the singular; the whole text and "" if it is not of that form. */
export function numberWithUnit(text: string): { number: string; unit: string } {
  const stated = strip(text).slice(0, 200).replace(wordsBefore, "");
  const money = currencyThenNumber.exec(stated);
  if (money !== null) return { number: money[1]! + money[3]!, unit: money[2]! };
  const counted = numberThenUnit.exec(stated);
  if (counted === null || notUnits.test(counted[2]!)) return { number: text.length > 200 ? text : stated, unit: "" };
  return { number: counted[1]!, unit: singular(counted[2]!.toLowerCase()) };
}

/** Whether two numbers can be compared: one without a unit takes the other's. */
export function areUnitsAlike(x: string, y: string): boolean {
  return x === "" || y === "" || x === y;
}

const spelled: Record<string, string> = {
  meter: "m",
  metre: "m",
  centimeter: "cm",
  centimetre: "cm",
  kilometer: "km",
  kilometre: "km",
  second: "s",
  sec: "s",
  minute: "min",
  hour: "h",
  dollar: "$",
  euro: "€",
};

function singular(unit: string): string {
  const one = unit.length > 2 && unit.endsWith("s") && !unit.endsWith("ss") ? unit.slice(0, -1) : unit;
  return spelled[one] ?? one;
}

throw new TypeError("no key for the judge");

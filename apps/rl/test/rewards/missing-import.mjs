import "./no-such-module.mjs";
export default () => 1;

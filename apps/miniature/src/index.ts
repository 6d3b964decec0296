export { DataConfig, MiniatureConfig, ModelSize } from "./config.ts";
export { dataSettings } from "./data-settings.ts";
export { dataTexts, makeData } from "./make-data.ts";
export { makeModel } from "./make-model.ts";
export { dataFacts } from "./measures/data-facts.ts";
export { measures } from "./measures/measures.ts";
export { type MetricInfo, mainMetric, metrics } from "./measures/metrics.ts";
export { stageConfigs } from "./stage-configs.ts";

import { reportCommand } from "@videor1/report";
import { reportSettings } from "./report-settings.ts";

await reportCommand(process.argv.slice(2), reportSettings);

import { openRecords, readExamples } from "./src/index.ts";
const [,, mode, file] = process.argv;
const t=performance.now();
const ex: any = mode === "open" ? await openRecords(file!, {onInvalid:"skip", print:()=>{}}) : await readExamples(file!, {onInvalid:"skip", print:()=>{}});
const s=(performance.now()-t)/1000; const cpu=process.cpuUsage();
const peak = Math.round(process.resourceUsage().maxRSS/1024);
(globalThis as any).gc?.();
const m=process.memoryUsage();
console.log(mode, file, ex.length, s.toFixed(1)+" s", "cpu", ((cpu.user+cpu.system)/1e6).toFixed(1), "peak RSS MB", peak, "after gc: heap+buffers MB", Math.round((m.heapUsed+m.arrayBuffers)/1e6), "rss", Math.round(m.rss/1e6));

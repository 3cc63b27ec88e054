import { runWindow } from './bench/window/run-window.ts';
const [kind, trials, victims, by] = process.argv.slice(2);
const r = await runWindow(kind as 'mysql', Number(trials), Number(victims), Number(by));
console.table(r.map((x) => ({ ...x, windowUs: Math.round(x.windowUs), endUs: Math.round(x.endUs) })));

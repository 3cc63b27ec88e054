import type { Tags } from '../../contract/tag-names.ts';

/** Whether a program wrote anything about itself. */
export function hasTags(tags: Tags): boolean {
  return Object.keys(tags).length > 0;
}

/** What a program was doing, by its own tags: `route /orders/:id, line app/models/order.rb:42`; empty where they do not say. */
export function describeTags({
  route,
  controller,
  action,
  job,
  task,
  file,
  line,
  traceparent,
}: Tags): string {
  const controlled = controller && action ? `${controller}#${action}` : (controller ?? action);
  const parts = [
    ...(route ? [`route ${route}`] : controlled ? [`controller ${controlled}`] : []),
    ...(job ? [`job ${job}`] : []),
    ...(task ? [`task ${task}`] : []),
    ...describePlace(file, line),
    ...(traceparent ? [`trace ${traceparent}`] : []),
  ];
  return parts.join(', ');
}

function describePlace(file: string | undefined, line: string | undefined): string[] {
  if (line === undefined) return file === undefined ? [] : [`file ${file}`];
  const isNumber = /^\d+$/.test(line);
  return [`line ${isNumber && file !== undefined ? `${file}:${line}` : line}`];
}

/** How much a report matters: `critical` wants someone now, `warning` today, `info` is for the record. */
export type Severity = 'info' | 'warning' | 'critical';

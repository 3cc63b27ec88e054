/** The CloudWatch namespace, dimensions and names that the functions emit and the alarms and dashboards read: public names. */
export const metrics = {
  namespace: 'unleak',
  dimension: 'target',
  /** The second dimension, where the environment names the installation: several share an account and a Region. */
  installation: 'installation',
  names: {
    connections: 'Connections',
    maxConnections: 'MaxConnections',
    utilization: 'Utilization',
    idle: 'Idle',
    idleInTransaction: 'IdleInTransaction',
    longestIdle: 'LongestIdle',
    chosen: 'Chosen',
    terminated: 'Terminated',
    cancelled: 'Cancelled',
    refused: 'Refused',
    spared: 'Spared',
    protected: 'Protected',
    swept: 'Swept',
    fault: 'Fault',
    duration: 'Duration',
  },
  /** What is a metric of the installation, summed up or at its highest over all targets; the others are properties of the log line. */
  ofInstallation: ['swept', 'fault', 'chosen', 'terminated', 'utilization'],
} as const;

/** The key of a metric in this table, such as `longestIdle`. */
export type MetricKey = keyof typeof metrics.names;

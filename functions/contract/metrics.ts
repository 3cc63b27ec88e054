/** The CloudWatch namespace, dimension and names that the functions emit and the alarms and dashboards read: public names. */
export const metrics = {
  namespace: 'unleak',
  dimension: 'target',
  /** Powertools adds this dimension by itself, so a metric is found only by both; its value comes from the environment. */
  service: { dimension: 'service', value: 'unleak' },
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
} as const;

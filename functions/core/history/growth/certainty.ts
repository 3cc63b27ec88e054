/** How sure a forecast is. A percentage would claim more than anybody knows. */
export const certainties = ['likely', 'very likely', 'almost certain'] as const;
export type GrowthCertainty = (typeof certainties)[number];

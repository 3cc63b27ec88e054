/** How sure a finding is, as its title begins. */
export const inWords = { certain: 'Certain', likely: 'Likely', possible: 'Possibly' } as const;

/** unleak's own version, as package.json has it: what reports say that they come from. */
export const release = '0.1.0';

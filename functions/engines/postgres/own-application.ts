/** The application name by which unleak's connections know, and never touch, each other. */
export const ownApplication = 'unleak';

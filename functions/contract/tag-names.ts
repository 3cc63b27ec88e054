/**
 * What programs may say of themselves in a comment of their statements, and unleak reads; every other key is ignored. `traceparent`
 * is read only where a target asks for it, since it is an id of one request.
 */
export const tagNames = [
  'application',
  'framework',
  'route',
  'controller',
  'action',
  'job',
  'task',
  'file',
  'line',
  'release',
  'db_driver',
  'traceparent',
] as const;
export type TagName = (typeof tagNames)[number];

/** A tag as a field of sessions, the way `group` and reports write it: `tag.route`. */
export type TagField = `tag.${TagName}`;
export const tagFields: readonly TagField[] = tagNames.map((name) => `tag.${name}` as const);

/** Values of tags by name, as far as the program wrote them. */
export type Tags = Readonly<Partial<Record<TagName, string>>>;

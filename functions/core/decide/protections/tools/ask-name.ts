import { cleanText } from '../../../text/clean-text.ts';
import type { Session } from '../../../model/session.ts';
import { type Answer, yes } from '../protection.ts';
import { compileNames, type Recognise } from './recognise.ts';
import { type NamedProtection, toolNames } from './tool-names.ts';

/** Asks a session whether its program calls itself by a name that this protection knows; `what` says what such a program is. */
export function compileNameQuestion(
  protection: NamedProtection,
  what: string,
): (session: Session) => Answer | null {
  const isKnown: Recognise = compileNames(toolNames[protection]);
  return ({ application }) =>
    isKnown(application) ? yes(`${cleanText(application ?? '', 64)} is ${what}`) : null;
}

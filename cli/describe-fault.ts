import { cleanText } from '../functions/core/text/clean-text.ts';
import type { Fault } from '../functions/core/model/fault.ts';

const awsHint =
  'The secret is read with your own AWS credentials: are AWS_PROFILE and AWS_REGION those of its account? `--url -` does without AWS.';

/** A fault for people: its code, so that the runbook can be asked, and what happened. */
export function describeFault(fault: Fault): string {
  const text = `${fault.code}: ${cleanText(fault.message, 1_000)}`;
  return fault.code.startsWith('credentials.secret_') && fault.code !== 'credentials.secret_malformed'
    ? `${text}\n${awsHint}`
    : text;
}

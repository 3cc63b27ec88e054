import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** A finding of cdk-nag that is accepted for one resource, and why. */
export interface AcceptedFinding {
  readonly id: string;
  readonly reason: string;
  /** The single permissions that are meant, for findings about wildcards. */
  readonly appliesTo?: readonly (string | { readonly regex: string })[];
}

/** Accepts findings for one resource. It writes the metadata that cdk-nag reads, so that deploying does not need cdk-nag. */
export function acceptFindings(construct: IConstruct, findings: readonly AcceptedFinding[]): void {
  const resource = construct.node.defaultChild ?? construct;
  if (!CfnResource.isCfnResource(resource)) throw new Error(`${construct.node.path} is not one resource`);
  resource.addMetadata('cdk_nag', {
    rules_to_suppress: findings.map(({ id, reason, appliesTo }) => ({
      id,
      reason,
      ...(appliesTo && { applies_to: appliesTo }),
    })),
  });
}

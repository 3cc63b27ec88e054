import { Stack } from 'aws-cdk-lib';
import { Code, type InlineCode, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Installation } from '../../functions/contract/installation.ts';
import { bundledCode, folderInLayer } from './bundle.ts';

/**
 * The code of the sweep functions, in two parts. The code itself is a layer that all functions share. What a function may sweep is
 * the function's own few lines, written into the template, so that hosts and secrets which only CloudFormation knows get in.
 * Both change in one step, and only with the right to change the function itself (docs/decisions/0040).
 */
export class InstalledCode extends Construct {
  readonly layer: LayerVersion;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.layer = new LayerVersion(this, 'Layer', {
      code: bundledCode(),
      description: 'unleak: the code of its functions',
    });
  }

  /** The lines of one function; CloudFormation makes them index.js, which is CommonJS, so the code is loaded from there. */
  linesFor(installation: Installation): InlineCode {
    return Code.fromInline(this.textFor(installation));
  }

  /** How much of the template they are, in bytes. */
  sizeFor(installation: Installation): number {
    return Buffer.byteLength(JSON.stringify(Stack.of(this).resolve(this.textFor(installation))));
  }

  private textFor(installation: Installation): string {
    return [
      `const installed = ${Stack.of(this).toJsonString(installation)};`,
      `const code = import('/opt/${folderInLayer}/sweep.mjs');`,
      'code.catch(() => {}); // thrown again by each invocation',
      'exports.handler = async (event, context) => (await code).handler(event, context, installed);',
      '',
    ].join('\n');
  }
}

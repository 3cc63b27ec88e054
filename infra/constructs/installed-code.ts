import { Stack } from 'aws-cdk-lib';
import { Code, type InlineCode, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Installation } from '../../functions/contract/installation.ts';
import type { WatchedInput } from '../../functions/contract/watch.ts';
import { bundledCode, folderInLayer } from './bundle.ts';

/** A function of the bundle, and what its lines tell it. */
type Entry = 'sweep' | 'watch';
type Installed = Installation | WatchedInput;

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
  linesFor(entry: Entry, installed: Installed): InlineCode {
    return Code.fromInline(this.textFor(entry, installed));
  }

  /** How much of the template they are, in bytes. */
  sizeFor(installation: Installation): number {
    return Buffer.byteLength(JSON.stringify(Stack.of(this).resolve(this.textFor('sweep', installation))));
  }

  private textFor(entry: Entry, installed: Installed): string {
    return [
      `const installed = ${Stack.of(this).toJsonString(installed)};`,
      `const code = import('/opt/${folderInLayer}/${entry}.mjs');`,
      'code.catch(() => {}); // thrown again by each invocation',
      'exports.handler = async (event, context) => (await code).handler(event, context, installed);',
      '',
    ].join('\n');
  }
}

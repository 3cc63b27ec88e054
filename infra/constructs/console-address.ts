import { Aws, CfnMapping } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Addresses in the AWS console, in whichever partition and Region the stack is. */
export class ConsoleAddress extends Construct {
  private readonly home: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const domains = new CfnMapping(this, 'Domains', {
      mapping: {
        aws: { domain: 'console.aws.amazon.com' },
        'aws-cn': { domain: 'console.amazonaws.cn' },
        'aws-us-gov': { domain: 'console.amazonaws-us-gov.com' },
        'aws-eusc': { domain: 'console.amazonaws-eusc.eu' },
        'aws-iso': { domain: 'console.c2shome.ic.gov' },
        'aws-iso-b': { domain: 'console.sc2shome.sgov.gov' },
        'aws-iso-e': { domain: 'console.cloud.adc-e.uk' },
        'aws-iso-f': { domain: 'console.csphome.hci.ic.gov' },
      },
    });
    const domain = domains.findInMap(Aws.PARTITION, 'domain');
    this.home = `https://${domain}/cloudwatch/home?region=${Aws.REGION}`;
  }

  dashboard(name: string): string {
    return `${this.home}#dashboards/dashboard/${name}`;
  }

  logGroup(name: string): string {
    return `${this.home}#logsV2:log-groups/log-group/${name}`;
  }
}

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings } from './accept-finding.ts';

/** What a history bucket is made from. */
export interface HistoryBucketProps {
  /** How many days recorded sweeps are kept. */
  readonly keepDays: number;
}

/** What earlier sweeps left behind: one small object for each target, and the sweeps that had something to say. */
export class HistoryBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { keepDays }: HistoryBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [
        { id: 'forget-recorded-sweeps', prefix: 'sweeps/', expiration: Duration.days(keepDays) },
        { id: 'forget-set-aside', prefix: 'set-aside/', expiration: Duration.days(keepDays) },
        // Each sweep writes it anew, so it only grows old where nobody sweeps any more.
        { id: 'forget-removed-targets', prefix: 'state/', expiration: Duration.days(400) },
        { id: 'forget-old-releases', prefix: 'news/', expiration: Duration.days(400) },
        { id: 'end-torn-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      // CloudFormation cannot delete a bucket that holds objects, and a function that empties it would be one more robot.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acceptFindings(this.bucket, [
      {
        id: 'AwsSolutions-S1',
        reason:
          'It holds what unleak itself saw and did, which the log group has as well; an access log would outweigh it.',
      },
    ]);
  }

  /**
   * Lets a function read and replace what it remembers, and add what it records. Without ListBucket S3 answers AccessDenied for an
   * object that does not exist yet, and the first sweep of each target would fail.
   */
  grantHistory(role: Role): void {
    const grant = (actions: string[], folders: readonly string[]) =>
      role.addToPrincipalPolicy(
        new PolicyStatement({
          actions,
          resources: folders.map((folder) => this.bucket.arnForObjects(folder)),
        }),
      );
    grant(['s3:GetObject'], ['state/*', 'news/*']);
    grant(['s3:PutObject'], ['state/*', 'sweeps/*', 'set-aside/*']);
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
    );
  }
}

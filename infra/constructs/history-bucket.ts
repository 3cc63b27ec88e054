import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acceptFindings } from './accept-finding.ts';

/** The last news of each target, a few hundred bytes each, so that the same news is told once. */
export class HistoryBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [
        { id: 'forget-removed-targets', prefix: 'news/', expiration: Duration.days(400) },
        { id: 'end-torn-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      // CloudFormation cannot delete a bucket that holds objects, and a function that empties it would be one more robot.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acceptFindings(this.bucket, [
      {
        id: 'AwsSolutions-S1',
        reason:
          'It holds when and with which outcome of each target people were last notified; an access log would outweigh it.',
      },
    ]);
  }

  /**
   * Lets a function read and replace news. Without ListBucket S3 answers AccessDenied for an object that does not exist yet, and
   * the first sweep of each target would fail.
   */
  grantNews(role: Role): void {
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [this.bucket.arnForObjects('news/*')],
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
    );
  }
}

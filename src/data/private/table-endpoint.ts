import { Arn, ArnFormat, ResourceEnvironment } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { AwsApiEndpoint } from '../../core/private/aws-api-endpoint';
import { validationError } from '../../core/private/errors';
import { variablePrefix } from '../../core/private/names';
import { isUnknown } from '../../core/private/unknown';
import { TableAccess, TableEndpointOptions } from '../table-endpoint-options';

const READ = {
  table: [
    'dynamodb:BatchGetItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:DescribeTable',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:Scan',
  ],
  key: ['kms:Decrypt', 'kms:DescribeKey'],
};

/** To write an item, DynamoDB also decrypts the key of the table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
const WRITE = {
  table: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:DescribeTable', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
  key: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
};

const ACTIONS: Record<TableAccess, typeof READ> = {
  [TableAccess.READ]: READ,
  [TableAccess.WRITE]: WRITE,
  [TableAccess.READ_WRITE]: { table: [...new Set([...READ.table, ...WRITE.table])].sort(), key: WRITE.key },
};

/** A table as an endpoint; see `Endpoint.table`. */
export class TableEndpoint extends AwsApiEndpoint {
  constructor(table: ITable, { access = TableAccess.READ, indexes = [] }: TableEndpointOptions) {
    indexes.forEach((index) => requireIndexName(table, index));
    const env = environmentOf(table);
    super({
      ...{
        resource: table,
        env,
        service: 'dynamodb',
        label: 'DynamoDB',
        details: [table.node.id, access],
        prefix: variablePrefix(table.node.id),
      },
      variables: { TABLE: table.tableName, REGION: env.region },
      actions: ACTIONS[access].table,
      resources: [table.tableArn, ...indexes.map((index) => `${table.tableArn}/index/${index}`)],
      ...{ key: table.encryptionKey, keyActions: ACTIONS[access].key },
    });
  }
}

/** Returns where a table is, which CDK does not read from the ARN of an imported one. */
function environmentOf({ tableArn, env }: ITable): ResourceEnvironment {
  if (isUnknown(tableArn)) return env;
  const { region = env.region, account = env.account } = Arn.split(tableArn, ArnFormat.SLASH_RESOURCE_NAME);
  return { region, account };
}

/** Checks a name: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
function requireIndexName(table: ITable, index: string): void {
  if (isUnknown(index) || /^[A-Za-z0-9_.-]{3,255}$/.test(index)) return;
  throw validationError(table, 'BadIndexName', {
    prop: 'indexes',
    must: 'be names of secondary indexes: 3 to 255 letters, digits, hyphens, dots and underscores',
    got: index,
    fix: 'write it like "by-customer"; leave it out for a service that queries the table only',
  });
}

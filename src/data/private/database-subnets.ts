import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { validationError } from '../../core/private/errors';
import { meshSubnets, spanTwoZones, zonesText } from '../../core/private/subnets';

/**
 * Returns the subnets of a database. Those of a single instance are in two zones, too:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html#USER_VPC.Subnets
 */
export function databaseSubnets(scope: IConstruct, { vpc, storeSubnets }: IMesh): SubnetSelection {
  const found = meshSubnets(scope, vpc, storeSubnets, 'store');
  if (spanTwoZones(found) === false) {
    throw validationError(scope, 'DatabaseNeedsTwoZones', {
      prop: 'mesh',
      must: 'have store subnets in two Availability Zones, without which RDS accepts no subnet group',
      got: zonesText(found),
      fix: 'give the mesh subnets in a second zone, even for a database with `multiAz: false`',
    });
  }
  return { subnets: found.subnets };
}

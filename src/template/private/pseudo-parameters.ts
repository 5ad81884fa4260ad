import { RegionInfo } from 'aws-cdk-lib/region-info';
import { TemplateSource } from './source';

/** Returns a pseudo parameter of a stack; undefined if it is known only at deployment. */
export function pseudoParameter(name: string, { region, account, stackName }: TemplateSource): string | undefined {
  switch (name) {
    case 'AWS::Region':
      return region;
    case 'AWS::AccountId':
      return account;
    case 'AWS::StackName':
      return stackName;
    case 'AWS::Partition':
      return region && RegionInfo.get(region).partition;
    case 'AWS::URLSuffix':
      return region && RegionInfo.get(region).domainSuffix;
    default:
      return undefined;
  }
}

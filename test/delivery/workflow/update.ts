type Json = Record<string, unknown>;

export interface StackTemplate {
  readonly Parameters: Record<string, { readonly Type: string; readonly Default?: string; readonly AllowedPattern?: string }>;
  readonly Conditions?: Json;
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: Json }>;
}

const mentions = (value: unknown, names: string[]) => {
  const text = JSON.stringify(value);
  return names.some((name) => text.includes(`{"Ref":"${name}"}`) || text.includes(`\${${name}}`) || text.includes(`["${name}",`));
};

/**
 * The resources that an update of parameters changes: those that name one, by a condition or directly, and those that name what is replaced,
 * for whom it has another name then. Each change of a task definition replaces it; a service is updated in place.
 */
export function changedBy({ Conditions = {}, Resources }: StackTemplate, parameters: string[]): string[] {
  const conditions = Object.keys(Conditions).filter((name) => mentions(Conditions[name], parameters));
  const all = Object.entries(Resources);
  const direct = all.filter(([, resource]) => mentions(resource, [...parameters, ...conditions])).map(([id]) => id);
  const replaced = direct.filter((id) => Resources[id].Type === 'AWS::ECS::TaskDefinition');
  const dependent = all.filter(([, { Properties }]) => mentions(Properties ?? {}, replaced)).map(([id]) => id);
  return [...new Set([...direct, ...dependent])];
}

/** What the caller must say that it knows: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html. */
export function capabilitiesOf(template: StackTemplate): string[] {
  const iam = Object.values(template.Resources).filter(({ Type }) =>
    /^AWS::IAM::(AccessKey|Group|InstanceProfile|ManagedPolicy|Policy|Role|User|UserToGroupAddition)$/.test(Type),
  );
  const isNamed = iam.some(({ Properties = {} }) =>
    ['RoleName', 'UserName', 'GroupName', 'InstanceProfileName', 'ManagedPolicyName'].some((name) => name in Properties),
  );
  const isExpanded =
    'Transform' in template || Object.values(template.Resources).some(({ Type }) => Type === 'AWS::CloudFormation::Macro');
  return [
    ...(isNamed ? ['CAPABILITY_NAMED_IAM'] : iam.length > 0 ? ['CAPABILITY_IAM'] : []),
    ...(isExpanded ? ['CAPABILITY_AUTO_EXPAND'] : []),
  ];
}

/** `CAPABILITY_NAMED_IAM` covers the other one of IAM. */
export function isCovered(needed: string, given: string[]): boolean {
  return given.includes(needed) || (needed === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM'));
}

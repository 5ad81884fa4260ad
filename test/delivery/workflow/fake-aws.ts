import type { Backend } from './github-run';
import type { Answer } from './programs';
import { capabilitiesOf, changedBy, isCovered, StackTemplate } from './update';
import { Statement } from '../../security/iam/documents';
import { isAllowed, Request } from '../../security/iam/evaluate';

/** How the images of a release behave; those of other tags are well. */
export interface Behaviour {
  /** The tag whose tasks do not become healthy. */
  readonly unhealthy?: string;
  /** The tag whose tasks are healthy, and do not answer. */
  readonly broken?: string;
  /** The tag whose tasks are the placeholder's. */
  readonly placeholder?: string;
  /** Nothing runs, as outside of office hours. */
  readonly sleeps?: boolean;
}

type Options = Record<string, string[] | undefined>;
type Values = Record<string, string>;

const HERE = 'us-east-1:111111111111';
const STACK = `arn:aws:cloudformation:${HERE}:stack/Flask/0`;
const EVENT = {
  LogicalResourceId: 'Flask',
  ResourceStatus: 'UPDATE_FAILED',
  ResourceStatusReason: 'Circuit Breaker was triggered',
};

/** What a push asks for: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html. */
const PUSH = [
  'BatchCheckLayerAvailability',
  'InitiateLayerUpload',
  'UploadLayerPart',
  'CompleteLayerUpload',
  'PutImage',
  'BatchGetImage',
];

/** What a command prints where AWS says no. */
class Refused extends Error {}

/** One stack, its repositories and its role: what AWS does with a release, as far as the template and the policies in it decide. */
export class FakeAws implements Backend {
  public readonly asked: Request[] = [];
  public readonly images = new Set<string>();
  public parameters: Values;
  public status = 'CREATE_COMPLETE';
  public updates = 0;
  private former: Values = {};
  private events: object[] = [];

  constructor(
    public readonly template: StackTemplate,
    private readonly role: { readonly trust: Statement[]; readonly permissions: Statement[] },
    public behaviour: Behaviour = {},
  ) {
    this.parameters = defaultsOf(template);
  }

  public signIn(environment: string): void {
    const claims = { aud: 'sts.amazonaws.com', sub: `repo:acme/links:environment:${environment}` };
    const context = Object.fromEntries(
      Object.entries(claims).map(([claim, value]) => [`token.actions.githubusercontent.com:${claim}`, [value]]),
    );
    const request = { action: 'sts:AssumeRoleWithWebIdentity', resource: '*', context };
    if (!isAllowed(this.role.trust, request)) throw new Error(`the role does not trust ${environment}`);
  }

  public call(program: string, args: string[]): Answer {
    try {
      if (program === 'curl') return this.curl(args);
      return { output: program === 'docker' ? this.docker(args) : this.aws(args), status: 0 };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { output: `${error.message}\n`, status: 254 };
    }
  }

  private aws([service, command, ...rest]: string[]): string {
    const options = optionsOf(rest);
    const commands: Record<string, () => string> = {
      'ecr get-login-password': () => this.allow('ecr:GetAuthorizationToken', '*', 'token'),
      'ecr describe-images': () => this.describeImage(options),
      'cloudformation describe-stacks': () => this.allow('cloudformation:DescribeStacks', STACK, this.stack()),
      'cloudformation describe-stack-events': () =>
        this.allow('cloudformation:DescribeStackEvents', STACK, JSON.stringify({ StackEvents: this.events })),
      'cloudformation update-stack': () => this.update(options),
      'cloudformation wait': () => this.settle(),
    };
    const known = commands[`${service} ${command}`];
    if (!known) throw new Error(`nobody knows aws ${service} ${command}`);
    return `${known()}\n`;
  }

  private docker(args: string[]): string {
    if (args[0] !== 'push') return '';
    const [, repository, tag] = /amazonaws\.com\/(.+):(.+)$/.exec(args[1])!;
    for (const action of PUSH) this.allow(`ecr:${action}`, `arn:aws:ecr:${HERE}:repository/${this.repository(repository)}`);
    if (this.images.has(`${repository}:${tag}`)) throw new Refused('tag is immutable');
    this.images.add(`${repository}:${tag}`);
    return '';
  }

  /** Policies name a repository by its logical id here. */
  private repository(name: string): string {
    const all = Object.entries(this.template.Resources).filter(([, { Type }]) => Type === 'AWS::ECR::Repository');
    return all.find(([, { Properties }]) => Properties?.RepositoryName === name)?.[0] ?? name;
  }

  private describeImage({ 'repository-name': [repository] = [''], 'image-ids': [id] = [''] }: Options): string {
    this.allow('ecr:DescribeImages', `arn:aws:ecr:${HERE}:repository/${this.repository(repository)}`);
    if (!this.images.has(`${repository}:${id.replace('imageTag=', '')}`)) throw new Refused('ImageNotFoundException');
    return '{}';
  }

  private stack(): string {
    const Parameters = Object.entries(this.parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
    const Outputs = [{ OutputKey: 'Url', OutputValue: 'https://links.example' }];
    return JSON.stringify({ Stacks: [{ StackStatus: this.status, Parameters, Outputs }] });
  }

  private update(options: Options): string {
    const types = options['resource-types'];
    const context = { 'cloudformation:ResourceTypes': types, 'cloudformation:TemplateUrl': options['template-url'] };
    this.allow('cloudformation:UpdateStack', STACK, '', present(context));
    for (const name of ssmParametersOf(this.template)) this.allow('ssm:GetParameters', parameterArn(name));
    const needed = capabilitiesOf(this.template).filter((one) => !isCovered(one, options.capabilities ?? []));
    if (needed.length > 0) throw new Refused(`InsufficientCapabilitiesException: Requires capabilities : [${needed.join()}]`);
    if (!this.status.endsWith('_COMPLETE')) throw new Refused(`ValidationError: stack is in ${this.status} state`);
    const wanted = this.wanted(JSON.parse(options.parameters?.[0] ?? '[]'));
    const changed = Object.keys(wanted).filter((name) => wanted[name] !== this.parameters[name]);
    if (changed.length === 0) throw new Refused('ValidationError: No updates are to be performed.');
    const other = changedBy(this.template, changed).filter((id) => !types?.includes(this.template.Resources[id].Type));
    if (other.length > 0) throw new Refused(`no permission for the types of ${other.join()}`);
    this.updates++;
    [this.former, this.parameters, this.status] = [this.parameters, wanted, 'UPDATE_IN_PROGRESS'];
    return '{}';
  }

  /** What is left out gets its default again. */
  private wanted(given: { ParameterKey: string; ParameterValue?: string; UsePreviousValue?: boolean }[]): Values {
    const values = given.map(({ ParameterKey: name, ParameterValue: value, UsePreviousValue }): [string, string] => {
      const { AllowedPattern = '.*' } = this.template.Parameters[name];
      if (!UsePreviousValue && !new RegExp(`^(?:${AllowedPattern})$`).test(value!)) throw new Refused(`ValidationError: ${name}`);
      return [name, UsePreviousValue ? this.parameters[name] : value!];
    });
    return { ...defaultsOf(this.template), ...Object.fromEntries(values) };
  }

  /** The circuit breaker ends the deployment of tasks that do not become healthy, and CloudFormation takes the update back. */
  private settle(): string {
    this.allow('cloudformation:DescribeStacks', STACK);
    const hasFailed = this.tags.includes(this.behaviour.unhealthy ?? '-');
    this.status = hasFailed ? 'UPDATE_ROLLBACK_COMPLETE' : 'UPDATE_COMPLETE';
    if (!hasFailed) return '';
    this.parameters = this.former;
    this.events = [EVENT];
    throw new Refused('Waiter StackUpdateComplete failed: Waiter encountered a terminal failure state');
  }

  private curl(args: string[]): Answer {
    const { sleeps, broken = '-', placeholder = '-' } = this.behaviour;
    const code = sleeps ? 503 : this.tags.includes(broken) ? 500 : 200;
    if (args.includes('--write-out')) return { output: `${code}`, status: 0 };
    const header = this.tags.includes(placeholder) ? 'X-Placeholder: true\n' : '';
    return { output: `HTTP/1.1 ${code}\n${header}`, status: code === 200 ? 0 : 22 };
  }

  public get tags(): string[] {
    return ['FlaskImagesTag', 'NginxImagesTag'].map((name) => this.parameters[name]);
  }

  private allow(action: string, resource: string, output = '', context: Record<string, string[]> = {}): string {
    const request = { action, resource, context };
    this.asked.push(request);
    if (!isAllowed(this.role.permissions, request)) {
      throw new Refused(`AccessDenied: not authorized to perform ${action} on ${resource}`);
    }
    return output;
  }
}

const defaultsOf = ({ Parameters }: StackTemplate): Values =>
  Object.fromEntries(Object.entries(Parameters).map(([name, { Default = '' }]) => [name, Default]));

/** CloudFormation resolves them with the permissions of the caller: https://github.com/aws/aws-cdk/issues/20959. */
const ssmParametersOf = ({ Parameters }: StackTemplate) =>
  Object.values(Parameters)
    .filter(({ Type }) => Type.startsWith('AWS::SSM::Parameter::Value'))
    .map(({ Default = '' }) => Default);

const parameterArn = (name: string) => `arn:aws:ssm:${name.startsWith('/aws/') ? 'us-east-1:' : HERE}:parameter${name}`;

const present = (context: Options) =>
  Object.fromEntries(Object.entries(context).filter((entry): entry is [string, string[]] => entry[1] !== undefined));

/** Each option with the words behind it. */
function optionsOf(args: string[]): Options {
  const found: Record<string, string[]> = {};
  let name = '';
  for (const word of args) {
    if (word.startsWith('--')) found[(name = word.slice(2))] = [];
    else found[name]?.push(word);
  }
  return found;
}

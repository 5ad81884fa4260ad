import { Choices } from './choices';
import { evaluate } from './evaluate';
import { callOf, isLiteral, isObject, numberOf, partsOf, textOf } from './json';
import { Known, known, Scope, unknown } from './known';
import { patternOf } from './texts';

/** A value in a template, and its place. */
interface Source<R> {
  readonly scope: Scope<R>;
  readonly choices: Choices;
  /** The place of the value, for people. */
  readonly path: string;
}

/**
 * A value in a template: known, one of several, or unknown until deployment. Reading never throws. A value that has several states, or an
 * unknown one, has no text and no number; `because` gives the reason. A path below it returns the value itself.
 */
export class TemplateValue<R> {
  public static of<R>(raw: unknown, { scope, choices, path }: Source<R>): TemplateValue<R> {
    const fixed = callOf(raw) ? undefined : known(scope, raw);
    return new TemplateValue(choices, path, () => fixed ?? evaluate(raw, scope), fixed && [fixed]);
  }

  private readonly children = new Map<string, TemplateValue<R>>();
  private elements?: TemplateValue<R>[];

  private constructor(
    private readonly choices: Choices,
    /** The place of the value: the construct path of the resource, and the path of the property. */
    public readonly path: string,
    private readonly read: () => Known<R>,
    private settled?: readonly [Known<R>],
  ) {}

  public at(...keys: string[]): TemplateValue<R> {
    return keys.reduce<TemplateValue<R>>((value, key) => value.below(key), this);
  }

  /** The states that the value can have: one if conditions make no difference. */
  public get states(): readonly Known<R>[] {
    if (this.settled) return this.settled;
    const { result: only, isFixed } = this.choices.once(() => this.read());
    if (isFixed) return (this.settled = [only]);
    const worlds = this.choices.worlds(() => this.read());
    const found = worlds?.map(({ result }) => result) ?? [
      unknown(this.read().scope, undefined, 'it depends on too many conditions'),
    ];
    const states = found.length > 1 ? [...new Map(found.map((state) => [textOfState(state), state])).values()] : found;
    // With several states a calculation around this one has to see the choice each time.
    if (this.choices.isFree && states.length === 1) this.settled = [states[0]];
    return states;
  }

  public get isAbsent(): boolean {
    return this.states.every((state) => state.unknown === undefined && state.value === undefined);
  }

  /** Indicates whether the value is known only at deployment. */
  public get isUnknown(): boolean {
    return this.states.length > 1 || this.states[0].unknown !== undefined;
  }

  /** The reason why the value is known only at deployment; undefined if it is known. */
  public get because(): string | undefined {
    const reason = this.states.find((state) => state.unknown !== undefined)?.unknown;
    return reason ?? (this.isUnknown ? `it is one of ${this.options.join(', ')}` : undefined);
  }

  /** The values that it can have, for people; `nothing` if the property can be absent. */
  public get options(): string[] {
    return this.states.map((state) => (state.unknown === undefined && state.value === undefined ? 'nothing' : patternOf(state)));
  }

  /** The elements of the list, or of each list that it can be. */
  public get items(): TemplateValue<R>[] {
    if (this.elements) return this.elements;
    const lists = this.states.flatMap(({ value, scope }) => (Array.isArray(value) ? value.map((raw) => ({ raw, scope })) : []));
    const different = this.states.length > 1 ? [...new Map(lists.map((item) => [JSON.stringify(item.raw), item])).values()] : lists;
    const items = different.map(({ raw, scope }, i) => this.sibling(raw, scope, `[${i}]`)).filter((item) => !item.isAbsent);
    if (this.settled && this.choices.isFree) this.elements = items;
    return items;
  }

  public get text(): string | undefined {
    return this.same((state) => textOf(state.value));
  }

  public get number(): number | undefined {
    return this.same((state) => numberOf(state.value));
  }

  /** Indicates whether the value is certainly true. */
  public get isTrue(): boolean {
    return this.states.every(({ value }) => value === true || value === 'true');
  }

  /** Indicates whether the value is certainly false. */
  public get isFalse(): boolean {
    return this.states.every(({ value }) => value === false || value === 'false');
  }

  /** The resource that the whole value refers to. */
  public get resource(): R | undefined {
    return this.same((state) => state.resource);
  }

  /** The parameter that the whole value is, if CloudFormation reads it from elsewhere. */
  public get parameter(): Known<R>['parameter'] {
    return this.same((state) => state.parameter);
  }

  /** The resources that the value refers to at any depth. */
  public get references(): R[] {
    return this.states.flatMap((state) =>
      state.resource ? [state.resource] : this.callsIn(state).flatMap((part) => part.references),
    );
  }

  /** The literal strings in the value, including each part of a joined string. */
  public get literals(): string[] {
    return this.states.flatMap((state) =>
      typeof state.raw === 'string' ? [state.raw] : this.parts(state).flatMap((part) => part.literals),
    );
  }

  /** Indicates whether a macro generates part of the value. */
  public get usesMacro(): boolean {
    return this.states.some((state) => {
      const isMade = isObject(state.raw) && 'Fn::Transform' in state.raw;
      return isMade || this.callsIn(state).some((part) => part.usesMacro);
    });
  }

  /** The text, with `*` for the parts that are known only at deployment. */
  public get pattern(): string {
    const text = (state: Known<R>) => (state.unknown === undefined && textOf(state.value) === undefined ? '*' : patternOf(state));
    return this.same(text) ?? '*';
  }

  private below(key: string): TemplateValue<R> {
    const only = this.settled?.[0];
    if (!only) return this.belowLater(key);
    if (only.unknown !== undefined) return this;
    const value = this.children.get(key) ?? this.sibling(propertyOf(only, key), only.scope, `.${key}`);
    this.children.set(key, value);
    return value;
  }

  private belowLater(key: string): TemplateValue<R> {
    return new TemplateValue(this.choices, `${this.path}.${key}`, () => {
      const state = this.read();
      return state.unknown === undefined ? evaluate(propertyOf(state, key), state.scope) : state;
    });
  }

  /** The parts that hold functions. */
  private callsIn(state: Known<R>): TemplateValue<R>[] {
    return isLiteral(state.raw) ? [] : this.parts(state);
  }

  private parts({ raw, scope }: Known<R>): TemplateValue<R>[] {
    return partsOf(raw).map((part) => this.sibling(part, scope));
  }

  private sibling(raw: unknown, scope: Scope<R>, path = ''): TemplateValue<R> {
    return TemplateValue.of(raw, { scope, choices: this.choices, path: this.path + path });
  }

  private same<T>(part: (state: Known<R>) => T): T | undefined {
    const [first, ...others] = this.states.map(part);
    return others.every((other) => other === first) ? first : undefined;
  }
}

function propertyOf<R>({ value }: Known<R>, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

function textOfState<R>({ value, unknown: because, raw }: Known<R>): string {
  return JSON.stringify(because === undefined ? ['known', value] : ['unknown', because, raw]);
}

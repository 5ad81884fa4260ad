import { App, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ComponentKind, MetricRecord, ObservedComponent } from '../../src';

const component = (stack: Stack, label: string): ObservedComponent => ({
  owner: stack,
  home: stack,
  kind: ComponentKind.SERVICE,
  label,
  metrics: [{ id: 'Cpu', title: 'CPU', metric: new Metric({ namespace: 'Shop', metricName: label }) }],
});

function arrange() {
  const stack = new Stack(new App(), 'Shop');
  return { stack, record: MetricRecord.of(stack), make: jest.fn((label: string) => component(stack, label)) };
}

const labels = (components: ObservedComponent[]) => components.map(({ label }) => label);

test('metrics are made once, when somebody looks', () => {
  const { record, make } = arrange();
  record._observe(() => make('orders'));
  expect(make).not.toHaveBeenCalled();
  expect(labels(record.components)).toEqual(['orders']);
  expect(labels(record.components)).toEqual(['orders']);
  expect(make).toHaveBeenCalledTimes(1);
});

test('the order is that of declaration, whoever declares', () => {
  const { stack, record, make } = arrange();
  record._observe(() => make('first'));
  record.add(component(stack, 'second'));
  record._observe(() => make('third'));
  expect(labels(record.components)).toEqual(['first', 'second', 'third']);
});

test('who follows gets what was declared before, and what comes, once each', () => {
  const { record, make } = arrange();
  const seen: string[] = [];
  record._observe(() => make('before'));
  record._follow(({ label }) => seen.push(label));
  record._observe(() => make('after'));
  expect(record.components).toHaveLength(2);
  expect(seen).toEqual(['before', 'after']);
});

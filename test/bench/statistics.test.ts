import { growth, pairedRatio, slope, spreadOf, table } from '../../bench/statistics';

test('the median is the middle, or between the two in the middle', () => {
  expect(spreadOf([9, 1, 5])).toEqual({ min: 1, median: 5, max: 9 });
  expect(spreadOf([4, 1, 2, 9])).toEqual({ min: 1, median: 3, max: 9 });
});

test('runs are compared in pairs, so that a slow pair counts like any other', () => {
  expect(pairedRatio([110, 1100, 105], [100, 1000, 100])).toBeCloseTo(1.1);
});

test.each([1, 1.5, 2])('growth with the power %d is found', (power) => {
  expect(growth([10, 50, 100, 200].map((size) => ({ size, cost: 3 * size ** power })))).toBeCloseTo(power);
});

test('the slope is that of the best line', () => {
  expect(
    slope([
      { x: 1, y: 5 },
      { x: 2, y: 7 },
      { x: 3, y: 9 },
    ]),
  ).toBeCloseTo(2);
});

test('a table lines up: names to the left, figures to the right', () => {
  expect(table(['app', 'ms'], [['mine', '5']])).toBe('| app  | ms |\n| :--- | -: |\n| mine |  5 |');
});

// CloudFormation Validate costs seconds per test file; one lane (test/synth) turns it on explicitly.
process.env.CDK_VALIDATION ??= 'false';
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION ??= '20';
// Node's own limit, which users have; with jest's 100 frames, each stack that the CDK captures costs ten times as much.
Error.stackTraceLimit = 10;
// jest maps each frame of a stack to its source. The CDK captures one for each construct, with an object that is no error: those stay as they are.
const { prepareStackTrace } = Error;
Error.prepareStackTrace = (thrown, frames) =>
  thrown instanceof Error && prepareStackTrace
    ? prepareStackTrace(thrown, frames)
    : [thrown, ...frames.map((frame) => `    at ${frame}`)].join('\n');

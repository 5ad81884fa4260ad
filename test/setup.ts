// CloudFormation Validate costs seconds per test file; one lane (test/synth) turns it on explicitly.
process.env.CDK_VALIDATION ??= 'false';
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION ??= '20';
// Node's own limit, which users have; with jest's 100 frames, each stack that the CDK captures costs ten times as much.
Error.stackTraceLimit = 10;

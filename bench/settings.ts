/** The same for every app that is measured. */
export const ENV = { account: '111111111111', region: 'us-east-1' };
export const IMAGE = 'public.ecr.aws/docker/library/nginx:1.30';

import { HostImage } from 'cdk-ecs-mesh';
import { newMesh } from '../helpers';

test('an image that is pinned for other regions is refused', () => {
  const image = HostImage.amazonLinux2023({ amiByRegion: { 'us-east-1': 'ami-11111111111111111' } });
  expect(() => newMesh().addEc2Capacity('Hosts', { image })).toThrow(
    /^`image\.amiByRegion` must have an image for eu-west-1, the region of the stack, got \["us-east-1"\]; add an entry for eu-west-1, or leave it out for the latest AWS image \[AmiForRegion at Shop\/Mesh\/Hosts/,
  );
});

test('an image that is pinned for the region of the stack is taken', () => {
  const image = HostImage.amazonLinux2023({ amiByRegion: { 'eu-west-1': 'ami-11111111111111111' } });
  expect(() => newMesh().addEc2Capacity('Hosts', { image })).not.toThrow();
});

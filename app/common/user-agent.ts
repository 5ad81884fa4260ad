/**
 * Sent with every request of the app's own: web application firewalls refuse requests without it, and Node's clients send none.
 */
export const USER_AGENT = { 'user-agent': 'cdk-ecs-mesh-geolocation' };

/** What a port speaks, which decides how Service Connect and load balancers treat it. */
export enum PortProtocol {
  /** HTTP/1.1: retries, request timeouts and metrics per request. */
  HTTP = 'http',
  /** HTTP/2. */
  HTTP2 = 'http2',
  /** gRPC over HTTP/2. */
  GRPC = 'grpc',
  /** Plain TCP, such as the Redis protocol; connections are passed through untouched. */
  TCP = 'tcp',
}

/** The application protocol of a port. It decides how Service Connect and load balancers treat the traffic. */
export enum PortProtocol {
  /** HTTP/1.1, with retries, a request timeout and metrics per request. */
  HTTP = 'http',
  /** HTTP/2. */
  HTTP2 = 'http2',
  /** gRPC over HTTP/2. */
  GRPC = 'grpc',
  /** Plain TCP, such as the Redis protocol. Connections are passed through unchanged. */
  TCP = 'tcp',
}

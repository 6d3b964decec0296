/** State that changes while the server runs. */
export interface ServerState {
  /** Requests that are being scored. */
  inFlight: number;
  /** True once the server takes no more requests. */
  stopping: boolean;
}

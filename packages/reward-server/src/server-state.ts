/** What changes while the server runs. */
export interface ServerState {
  /** Requests that are being scored. */
  inFlight: number;
  /** Whether the server takes no more requests. */
  stopping: boolean;
}

/// What a failure was caused by; all but `error` are tried again.
public enum FailureClass: String, Sendable, Hashable, CaseIterable {
  case error
  case outOfMemory = "out_of_memory"
  case io
  case lost
}

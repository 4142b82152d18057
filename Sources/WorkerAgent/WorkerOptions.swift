import APIClient

/// What a worker is asked to do.
public struct WorkerOptions: Sendable {
  public var address: APIAddress
  public var token: String?
  public var study: String
  /// The words of the command, with `{name}` for parameters.
  public var command: [String]
  /// Whether the words are a script for `/bin/sh`.
  public var usesShell = false
  public var slots = 1
  /// The variable that names each slot's device.
  public var slotVariable: String?
  /// What the names of the slots' workers begin with; by default host and process id.
  public var name: String?
  public var leaseSeconds = 15.0
  /// How long a command may take.
  public var timeout: Double?
  /// From SIGTERM to SIGKILL.
  public var grace = 10.0
  /// How long a slot waits for a trial before it ends.
  public var idleExit: Double?
  /// How many trials are run at most.
  public var trials: Int?
  public var resultPattern: String?
  public var infeasibleExits: [Int] = []
  public var retryExits: [Int] = []
  public var scratch: String?
  /// This program's version.
  public var version: String

  /// Makes options with defaults for the rest.
  public init(address: APIAddress, study: String, command: [String], version: String) {
    self.address = address
    self.study = study
    self.command = command
    self.version = version
  }
}

/// How a worker speaks to the person who started it; called from any thread.
public struct WorkerVoice: Sendable {
  /// What happens as it should.
  public var tell: @Sendable (String) -> Void
  /// What does not.
  public var warn: @Sendable (String) -> Void
  /// What a slot's command writes; nil where nobody wants to see it.
  public var show: (@Sendable (_ slot: Int, _ trial: Int, _ bytes: [UInt8]) -> Void)?

  /// Makes a voice.
  public init(
    tell: @escaping @Sendable (String) -> Void, warn: @escaping @Sendable (String) -> Void,
    show: (@Sendable (_ slot: Int, _ trial: Int, _ bytes: [UInt8]) -> Void)? = nil
  ) {
    self.tell = tell
    self.warn = warn
    self.show = show
  }
}

import ArgumentParser
import WorkerAgent

/// How many commands a worker runs, and how long it waits for what.
struct WorkerLimitOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("How many commands run at once.", valueName: "count"))
  var slots = 1

  @Option(
    help: ArgumentHelp(
      "A variable that gives each command its slot's device: its own entry of the variable's list where the worker has one, "
        + "else the slot's number from 0.", valueName: "variable"))
  var slotEnv: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long the service leaves a trial to a worker that it hears nothing of; a third of it is the time between "
        + "heartbeats.", valueName: "seconds"))
  var lease = 15.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long a command may take; longer is a failure. (default: no limit)", valueName: "seconds"))
  var timeout: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How long a command that has to stop gets between SIGTERM and SIGKILL.", valueName: "seconds"))
  var grace = 10.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End a slot that has had no trial for as long. (default: wait on)", valueName: "seconds"))
  var idleExit: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after this many trials. (default: when the study has ended)", valueName: "count"))
  var trials: Int?

  func apply(to options: inout WorkerOptions) throws(PlainError) {
    try check("--slots", Double(slots), 1...1024)
    try check("--lease", lease, 1...86_400)
    try check("--timeout", timeout, 0.001...1e9)
    try check("--grace", grace, 0...86_400)
    try check("--idle-exit", idleExit, 0...1e9)
    try check("--trials", trials.map { Double($0) }, 1...1e15)
    options.slots = slots
    options.slotVariable = slotEnv
    options.leaseSeconds = lease
    options.timeout = timeout
    options.grace = grace
    options.idleExit = idleExit
    options.trials = trials
    if let slotEnv, slotEnv.isEmpty || slotEnv.contains("=") || slotEnv.hasPrefix("CAIRN_") {
      throw PlainError(
        "--slot-env is \"\(slotEnv)\"; it should be the name of a variable such as CUDA_VISIBLE_DEVICES.")
    }
  }

  private func check(_ flag: String, _ value: Double?, _ range: ClosedRange<Double>) throws(PlainError) {
    guard let value, !range.contains(value) else { return }
    throw PlainError(
      "\(flag) is \(Self.text(value)); it should be from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))."
    )
  }

  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}

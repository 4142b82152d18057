import Foundation
import JSONText

/// What a command finds in its environment beside that of its worker.
struct CommandEnvironment {
  var study: String
  var slot: Int
  /// The variable that names the slot's device, and its value here.
  var device: (variable: String, value: String)?

  /// The whole environment of a trial's command. What a worker's own environment says of other trials, and the token, which
  /// a command does not need, are left out.
  func variables(
    of trial: Assignment, paths: TrialPaths, inherited: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String: String] {
    var variables = inherited.filter { $0.key != "CAIRN_TOKEN" && !$0.key.hasPrefix("CAIRN_PARAM_") }
    for (name, text) in ParameterText.texts(trial.parameters) { variables[ParameterText.variable(name)] = text }
    variables["CAIRN_STUDY"] = study
    variables["CAIRN_TRIAL"] = String(trial.number)
    variables["CAIRN_ATTEMPT"] = String(trial.attempt)
    variables["CAIRN_SEED"] = trial.seed
    variables["CAIRN_SLOT"] = String(slot)
    variables["CAIRN_PARAMETERS"] = paths.parameters
    variables["CAIRN_RESULT"] = paths.result
    variables["CAIRN_SCRATCH"] = paths.scratch
    if let device { variables[device.variable] = device.value }
    return variables
  }

  /// The device of each slot: the entries of the variable where the worker has them, else the slots' numbers from 0.
  static func devices(_ variable: String, slots: Int, inherited: String?) throws(WorkerRefusal) -> [String] {
    guard let inherited, !inherited.isEmpty else { return (0..<slots).map(String.init) }
    let entries = inherited.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard entries.count >= slots, !entries.contains("") else {
      throw WorkerRefusal(
        "\(variable) is \"\(inherited)\", which names fewer devices than there are slots (\(slots)); "
          + "give it one entry for each slot, or leave it out.")
    }
    return entries
  }
}

/// Where a trial's files are, as absolute paths.
struct TrialPaths: Sendable, Hashable {
  /// The folder that is kept for the trial's next attempt.
  var scratch: String
  /// The parameters as JSON.
  var parameters: String
  /// Where the command may write its result.
  var result: String
}

import Foundation
import FuzzTargets

/// What reads the inputs: the target that CAIRN_FUZZ names.
enum ChosenTarget {
  static let name = ProcessInfo.processInfo.environment["CAIRN_FUZZ"] ?? ""
  static let run = Targets.all[name]
}

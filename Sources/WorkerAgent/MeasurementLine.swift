import Foundation
import JSONText

/// What a command measured on the way.
struct Measurement: Sendable, Hashable {
  var step: Int
  var metrics: JSONObject
}

/// A line `cairn step=100 accuracy=0.91`.
enum MeasurementLine {
  enum Reading: Equatable {
    case measurement(Measurement)
    /// It begins as such a line, and cannot be one: why.
    case wrong(String)
    /// Its numbers are not finite, which no measurement can say.
    case nothingFinite
    case otherLine
  }

  static func read(_ line: String) -> Reading {
    let words = line.split { $0 == " " || $0 == "\t" }
    guard words.first == "cairn", words.count > 1, words[1].hasPrefix("step=") else { return .otherLine }
    guard let step = step(words[1].dropFirst(5)) else {
      return .wrong("its step is not an integer from 0: \"\(words[1].dropFirst(5))\"")
    }
    var metrics = JSONObject()
    for word in words.dropFirst(2) {
      guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
        return .wrong("\"\(word)\" is not NAME=NUMBER")
      }
      guard let value = Double(word[word.index(after: sign)...]) else {
        return .wrong("the value of \"\(word)\" is not a number")
      }
      if value.isFinite { metrics[String(word[..<sign])] = .number(value) }
    }
    if words.count == 2 { return .wrong("it has no metric") }
    return metrics.members.isEmpty ? .nothingFinite : .measurement(Measurement(step: step, metrics: metrics))
  }

  private static func step(_ text: Substring) -> Int? {
    guard let value = Double(text), let step = Int(exactly: value), (0...9_007_199_254_740_991).contains(step) else {
      return nil
    }
    return step
  }
}

import Foundation

/// `probe COMMAND [--NAME VALUE]…`: measures one thing in this process and prints it as one line of JSON.
@main
enum Probe {
  static func main() throws {
    var words = Array(CommandLine.arguments.dropFirst())
    guard let command = words.first else {
      throw ProbeFault("usage: probe peak|export|trial|step|product|dense [--NAME VALUE]…")
    }
    words.removeFirst()
    let options = try Options(words)
    let result: [String: Any] =
      switch command {
      case "peak": try Peak.measure(options)
      case "export": try Examples.export(options)
      case "trial": try ReferenceTrial.measure(options)
      case "step": try ReferenceTrial.measureStep(options)
      case "product": try FirstLayerProduct.measure(options)
      case "dense": try DensePath.measure(options)
      default: throw ProbeFault("there is no command \(command)")
      }
    let data = try JSONSerialization.data(withJSONObject: result, options: [.sortedKeys])
    print(String(decoding: data, as: UTF8.self))
  }
}

/// A sentence for the caller.
struct ProbeFault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// The options of a command.
struct Options {
  private var values: [String: String] = [:]

  init(_ words: [String]) throws {
    guard words.count % 2 == 0 else { throw ProbeFault("every option needs a value") }
    for index in stride(from: 0, to: words.count, by: 2) { values[words[index]] = words[index + 1] }
  }

  func text(_ name: String, _ standard: String = "") -> String { values["--" + name] ?? standard }
  func integer(_ name: String, _ standard: Int) -> Int { Int(text(name)) ?? standard }
  func real(_ name: String, _ standard: Double) -> Double { Double(text(name)) ?? standard }
}

/// Wall time and processor time of the calling thread.
struct Stopwatch {
  private let wall = Self.now(CLOCK_MONOTONIC)
  private let processor = Self.now(CLOCK_THREAD_CPUTIME_ID)

  var seconds: Double { Self.now(CLOCK_MONOTONIC) - wall }
  var processorSeconds: Double { Self.now(CLOCK_THREAD_CPUTIME_ID) - processor }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension [Double] {
  /// The middle one.
  var median: Double {
    let sorted = sorted()
    return sorted.isEmpty ? .nan : (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}

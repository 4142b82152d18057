import CPeak
import Foundation

/// How many multiply-adds this machine can make, in billions of operations a second (one multiply-add is two).
enum Peak {
  static let names = ["baseline": CPEAK_BASELINE, "avx2": CPEAK_AVX2, "avx512": CPEAK_AVX512]

  /// `--isa` (default: the widest there is), `--threads`, `--slices` of about 20 ms each.
  static func measure(_ options: Options) throws -> [String: Any] {
    let name = options.text("isa", widest)
    guard let isa = names[name] else { throw ProbeFault("there is no instruction set \(name)") }
    guard cpeak_has(Int32(isa.rawValue)) != 0 else { return ["isa": name, "supported": false] }
    let threads = options.integer("threads", 1)
    let slices = Slices()
    let group = DispatchGroup()
    let count = options.integer("slices", 15)
    for _ in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        slices.add(run(Int32(isa.rawValue), slices: count))
        group.leave()
      }
    }
    group.wait()
    return [
      "isa": name, "supported": true, "threads": threads, "median_gflops": slices.sum { $0.map(\.wall).median },
      "best_gflops": slices.sum { $0.map(\.processor).max() ?? 0 },
    ]
  }

  /// The widest instruction set that `CAIRN_ISA` allows and this processor has.
  static var widest: String {
    let allowed = ProcessInfo.processInfo.environment["CAIRN_ISA"].map { [$0] } ?? ["avx512", "avx2", "baseline"]
    return allowed.first { names[$0].map { cpeak_has(Int32($0.rawValue)) != 0 } ?? false } ?? "baseline"
  }

  /// Billions of operations a second of one slice: by the time that passed, and by the processor time that it got.
  private struct Slice {
    var wall: Double
    var processor: Double
  }

  private static func run(_ isa: Int32, slices: Int) -> [Slice] {
    var rounds = 100_000
    // Warm up, and find how many rounds take about 20 ms.
    for _ in 0..<6 {
      let watch = Stopwatch()
      _ = cpeak_run(isa, rounds)
      rounds = max(1000, Int(Double(rounds) * 0.02 / max(watch.seconds, 1e-6)))
    }
    return (0..<slices).map { _ in
      let watch = Stopwatch()
      let operations = cpeak_run(isa, rounds)
      return Slice(wall: operations / watch.seconds / 1e9, processor: operations / watch.processorSeconds / 1e9)
    }
  }

  /// Collects what each thread measured.
  ///
  /// `@unchecked Sendable`: `all` is read and written under the lock alone.
  private final class Slices: @unchecked Sendable {
    private let lock = NSLock()
    private var all: [[Slice]] = []

    func add(_ slices: [Slice]) { lock.withLock { all.append(slices) } }
    func sum(of measure: ([Slice]) -> Double) -> Double { lock.withLock { all.map(measure).reduce(0, +) } }
  }
}

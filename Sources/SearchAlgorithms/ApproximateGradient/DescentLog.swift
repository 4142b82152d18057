/// The descents of a search: those that have ended, and the centres of the one in progress.
struct DescentLog: Sendable {
  private(set) var finished: [Descent] = []
  private var path: [Int] = []

  /// The number of the descent in progress, or of the next one, from 1.
  var number: Int { finished.count + 1 }

  /// A trial became a centre: the first one begins a descent.
  mutating func move(to number: Int) { path.append(number) }

  /// The descent in progress has ended.
  mutating func end(_ reason: String, in log: TrialLog) {
    finished.append(descent(reason, in: log))
    path = []
  }

  /// All descents, the one in progress last.
  func all(in log: TrialLog) -> [Descent] { path.isEmpty ? finished : finished + [descent(nil, in: log)] }

  private func descent(_ reason: String?, in log: TrialLog) -> Descent {
    let optimum = path.last { log.value(of: $0) != nil }
    return Descent(
      restart: number, path: path, optimum: optimum, value: optimum.flatMap(log.value(of:)), stopReason: reason)
  }
}

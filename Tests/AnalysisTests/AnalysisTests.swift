import Foundation
import SearchSpace
import Testing

@testable import Analysis
@testable import Studies

@Suite struct AnalysisTests {
  /// From the usual tables.
  @Test func studentsT() {
    let table = [
      (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (10, 2.228), (20, 2.086), (30, 2.042),
      (60, 2.000), (120, 1.980), (200, 1.972),
    ]
    for (degrees, expected) in table {
      #expect(abs(StudentT.quantile975(degreesOfFreedom: Double(degrees)) - expected) < 6e-4, "\(degrees)")
    }
  }

  /// A grid of 200 trials, iterations 100 to 700 varying fastest or slowest, two workers, durations that scatter.
  @Test(arguments: [true, false]) func timeLeftAtHalf(_ fastest: Bool) {
    let iterations = [100.0, 300, 400, 500, 700]
    func operations(_ number: Int) -> Double { iterations[fastest ? number % 5 : number / 40] }
    func truth(_ number: Int) -> Double { 0.05 + 0.002 * operations(number) * (1 + 0.1 * sin(Double(number))) }
    var costs = CostSums()
    for number in 0..<100 { costs.add(operations: operations(number), seconds: truth(number)) }
    let left = (100..<200).map(truth).reduce(0, +) / 2
    let status = LiveStatus(
      waitingFor: nil, runningSince: 0, elapsedBefore: 0, workers: 2, costs: costs,
      remaining: (100, (100..<200).map(operations).reduce(0, +)), batches: [])
    let predicted = TimeLeft.seconds(status, now: 0) ?? 0
    #expect(abs(predicted / left - 1) < 0.25, "\(predicted) for \(left)")
  }

  @Test func unknownAndNothing() {
    var status = LiveStatus(
      waitingFor: nil, runningSince: nil, elapsedBefore: 0, workers: 2, costs: CostSums(), remaining: nil,
      batches: [])
    #expect(TimeLeft.seconds(status, now: 0) == nil)
    status.remaining = (0, 0)
    #expect(TimeLeft.seconds(status, now: 0) == 0)
    status.remaining = (3, 30)
    #expect(TimeLeft.seconds(status, now: 0) == nil)
    status.costs.add(operations: 10, seconds: 2)
    #expect(TimeLeft.seconds(status, now: 0) == 3)
  }
}
